"""Answers about documents as event-model sees them: one JSON line in, one JSON line out, until standard input ends.

verdict: [name, doc] -> null when the document is valid, else what is wrong with it.
pack, pack_datum:      a list of events or of datum documents -> the page that event-model makes of them.
unpack, unpack_datum:  a page -> the list that event-model makes of it.
"""

import json
import sys

from event_model import (
    DocumentNames,
    pack_datum_page,
    pack_event_page,
    schema_validators,
    unpack_datum_page,
    unpack_event_page,
)


def verdict(pair):
    name, doc = pair
    error = next(schema_validators[DocumentNames[name]].iter_errors(doc), None)
    return None if error is None else error.message[:200]


answers = {
    "verdict": verdict,
    "pack": lambda events: pack_event_page(*events),
    "unpack": lambda page: list(unpack_event_page(page)),
    "pack_datum": lambda data: pack_datum_page(*data),
    "unpack_datum": lambda page: list(unpack_datum_page(page)),
}
answer = answers[sys.argv[1]]
for line in sys.stdin:
    sys.stdout.write(json.dumps(answer(json.loads(line))) + "\n")
