"""bluesky: `count` of one detector with no latency, with and without the stack capture of its @plan decorator."""

import time
import traceback

import bluesky.plan_stubs as bps
import bluesky.plans as bp
import bluesky.utils
from bluesky import RunEngine
from bluesky.protocols import Status
from worker import serve


class Done(Status):
    done = True
    success = True

    def add_callback(self, callback):
        callback(self)

    def exception(self, timeout=0.0):
        return None


class Detector:
    name = "det"
    parent = None

    def trigger(self):
        return Done()

    def read(self):
        return {"det": {"value": 1.0, "timestamp": time.time()}}

    def describe(self):
        return {"det": {"source": "peer", "dtype": "number", "shape": []}}

    def read_configuration(self):
        return {}

    def describe_configuration(self):
        return {}


engine = RunEngine({}, context_managers=[])
detector = Detector()
format_stack = traceback.format_stack


def measure(plan, n):
    start = time.perf_counter()
    engine(plan)
    return [(time.perf_counter() - start) / n]


def count(n, stack=True):
    traceback.format_stack = format_stack if stack else (lambda *args, **kwargs: [])
    return measure(bp.count([detector], n), n)


def null(n, stack=True):
    traceback.format_stack = format_stack if stack else (lambda *args, **kwargs: [])

    def nulls():
        for _ in range(n):
            yield from bps.null()

    return measure(nulls(), n)


serve({"count": count, "null": null})
