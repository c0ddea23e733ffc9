"""Answers about documents as event-model sees them: one JSON line in, one JSON line out, until standard input ends.

verdict: [name, doc] -> null when the document is valid, else what is wrong with it.
pack:    a list of events -> the page that event-model makes of them.
unpack:  a page -> the list of events that event-model makes of it.
"""

import json
import sys

from event_model import DocumentNames, pack_event_page, schema_validators, unpack_event_page


def verdict(pair):
    name, doc = pair
    error = next(schema_validators[DocumentNames[name]].iter_errors(doc), None)
    return None if error is None else error.message[:200]


answers = {
    "verdict": verdict,
    "pack": lambda events: pack_event_page(*events),
    "unpack": lambda page: list(unpack_event_page(page)),
}
answer = answers[sys.argv[1]]
for line in sys.stdin:
    sys.stdout.write(json.dumps(answer(json.loads(line))) + "\n")
