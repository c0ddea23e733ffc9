"""
Reads a topic with bluesky-kafka's own consumer from its beginning, and prints each document as a line of JSON, until so many runs have
stopped. Arguments: broker, topic, number of runs.
"""

import json
import sys

from bluesky_kafka import BlueskyConsumer

broker, topic, runs = sys.argv[1], sys.argv[2], int(sys.argv[3])
stopped = []


class Printing(BlueskyConsumer):
    def process_document(self, topic, name, doc):
        print(json.dumps([name, doc]), flush=True)
        if name == "stop":
            stopped.append(doc["run_start"])
        return True


consumer = Printing(
    topics=[topic],
    bootstrap_servers=broker,
    group_id="python",
    consumer_config={"auto.offset.reset": "earliest"},
    polling_duration=0.5,
)
consumer.start(continue_polling=lambda: len(set(stopped)) < runs)
