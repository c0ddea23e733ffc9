"""
Reads runs from suitcase.jsonl's form with nothing but Python's json, checks each document with event-model, and tells each run as a line of JSON.
Arguments: the folder, uids.
"""

import json
import sys
from collections import Counter
from pathlib import Path

import event_model
import numpy
from told import told

folder, *uids = sys.argv[1:]

for uid in uids:
    lines = Path(folder, f"{uid}.jsonl").read_text().splitlines()
    documents = [json.loads(line) for line in lines]
    streams, points, counts, ends = {}, {}, Counter(), {}
    for name, doc in documents:
        event_model.schema_validators[event_model.DocumentNames[name]].validate(doc)
        counts[name] += 1
        if name in ("start", "stop"):
            ends[name] = doc
        elif name == "descriptor":
            streams[doc["uid"]] = doc["name"]
            points.setdefault(doc["name"], {})
        elif name in ("event", "event_page"):
            events = [doc] if name == "event" else list(event_model.unpack_event_page(doc))
            counts["points"] += len(events)
            for event in events:
                points[streams[event["descriptor"]]][event["seq_num"]] = event["data"]
    columns = {}
    for stream, taken in points.items():
        rows = [taken[seq_num] for seq_num in sorted(taken)]
        keys = rows[0] if rows else {}
        columns[stream] = {key: [row[key] for row in rows] for key in keys}
    print(
        json.dumps(
            {
                "streams": {
                    stream: {
                        "same": True,
                        "columns": {
                            key: {"shape": list(numpy.shape(values)), "values": told(values)}
                            for key, values in of_stream.items()
                        },
                    }
                    for stream, of_stream in columns.items()
                },
                "events": counts["points"],
                "descriptors": counts["descriptor"],
                "exit_status": ends.get("stop", {}).get("exit_status"),
                "reason": ends.get("stop", {}).get("reason"),
                "plan_name": ends["start"]["plan_name"],
            }
        )
    )
