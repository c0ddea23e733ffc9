"""pymongo's insert_many in batches, and suitcase-mongo event by event as databroker's users store."""

import time
import uuid

import pymongo
from suitcase.mongo_normalized import Serializer
from worker import serve


def events_of(descriptor, fields, rows):
    events = []
    for row in range(rows):
        at = 1.7e9 + row / 1000 + 0.0001
        keys = [f"ch{i}" for i in range(fields)]
        events.append(
            {
                "uid": str(uuid.uuid4()),
                "time": at,
                "descriptor": descriptor,
                "seq_num": row + 1,
                "data": {key: row + i / 64 + 0.1 for i, key in enumerate(keys)},
                "timestamps": {key: at for key in keys},
                "filled": {},
            }
        )
    return events


def insert_many(n, uri, database, fields, batch):
    with pymongo.MongoClient(uri) as client:
        concern = pymongo.WriteConcern(w="majority", j=True)
        collection = client[database].get_collection("event", write_concern=concern)
        collection.create_index("uid", unique=True)
        collection.create_index([("descriptor", -1), ("time", 1)])
        events = events_of(str(uuid.uuid4()), fields, n)
        start = time.perf_counter()
        for at in range(0, n, batch):
            collection.insert_many(events[at : at + batch], ordered=False)
        return [(time.perf_counter() - start) / n]


def suitcase(n, uri, fields):
    with pymongo.MongoClient(uri) as client:
        client.drop_database("bench_suitcase")
        database = client["bench_suitcase"]
        serializer = Serializer(database, database)
        serializer.create_indexes()
        run, descriptor = str(uuid.uuid4()), str(uuid.uuid4())
        key = {"dtype": "number", "shape": [], "source": "sim://ch"}
        serializer("start", {"uid": run, "time": 1.7e9, "scan_id": 1})
        keys = {f"ch{i}": key for i in range(fields)}
        serializer("descriptor", {"uid": descriptor, "time": 1.7e9, "run_start": run, "data_keys": keys})
        events = events_of(descriptor, fields, n)
        start = time.perf_counter()
        for event in events:
            serializer("event", event)
        return [(time.perf_counter() - start) / n]


serve({"insert_many": insert_many, "suitcase": suitcase})
