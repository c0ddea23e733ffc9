"""
Reads runs with databroker as its users do, and tells what it made of them, as a line of JSON for each run. Arguments: a MongoDB URI, uids.
Of databroker 2 the columns of each stream are read one by one and all together, of databroker 1 as a dataset; of both the documents are counted.
"""

import json
import sys
from collections import Counter

import databroker
import event_model
import numpy
from told import told

uri, *uids = sys.argv[1:]


def column(array):
    array = numpy.asarray(array)
    return {"shape": list(array.shape), "kind": array.dtype.kind, "values": told(array)}


def second(run):
    streams = {}
    for name in run.keys():
        data = run[name]["data"]
        alone, in_files = {}, False
        for key in data.keys():
            try:
                alone[key] = column(data[key].read())
            except ValueError as error:
                # A column whose values are in files is an empty one to it, which it can't read.
                if "need at least one array" not in str(error):
                    raise
                in_files = True
        together = {} if in_files or len(alone) == 0 else run[name]["data"].read()
        streams[name] = {
            "columns": alone,
            "same": all(
                json.dumps(column(together[key].read())["values"]) == json.dumps(alone[key]["values"]) for key in together
            ),
        }
    return streams


def first(run):
    streams = {}
    for name in run:
        stream = run[name]
        # It is older than values that lie in files as a stream; it reads the columns beside them when it is told to leave those out.
        in_files = [
            key
            for descriptor in stream.metadata["descriptors"]
            for key, data_key in descriptor["data_keys"].items()
            if data_key.get("external") == "STREAM:"
        ]
        dataset = (stream.configure_new(exclude=in_files) if in_files else stream).read()
        streams[name] = {"columns": {key: column(dataset[key].values) for key in dataset.data_vars}, "same": True}
    return streams


if int(databroker.__version__.split(".")[0]) >= 2:
    from databroker.mongo_normalized import MongoAdapter

    catalog = MongoAdapter.from_uri(uri)
    read, documents = second, lambda run: run.documents(fill=False)
else:
    from databroker._drivers.mongo_normalized import BlueskyMongoCatalog

    catalog = BlueskyMongoCatalog(uri, uri)
    read, documents = first, lambda run: run.canonical(fill="no")

for uid in uids:
    run = catalog[uid]
    counts = Counter()
    try:
        for name, doc in documents(run):
            counts[name] += len(doc["seq_num"]) if name == "event_page" else 1
    except (KeyError, event_model.MismatchedDataKeys):
        # It looks in events for what is in files, whoever has written the run; the columns beside those it reads.
        counts = Counter(descriptor=len(list(run)))
        events = None
    else:
        events = counts["event"] + counts["event_page"]
    metadata = run.metadata() if callable(run.metadata) else run.metadata
    print(
        json.dumps(
            {
                "streams": read(run),
                # Version 2 holds back the last page of a run that goes on.
                "events": events if metadata["stop"] or read is first else None,
                "descriptors": counts["descriptor"],
                "exit_status": (metadata["stop"] or {}).get("exit_status"),
                "reason": (metadata["stop"] or {}).get("reason"),
                "plan_name": metadata["start"]["plan_name"],
            }
        ),
        flush=True,
    )
