"""bluesky: plans with devices of no latency, with and without the stack capture of its @plan decorator."""

import logging
import threading
import time
import traceback

import bluesky.plan_stubs as bps
import bluesky.plans as bp
import numpy
from bluesky import RunEngine
from bluesky.protocols import Status
from bluesky.utils import RunEngineInterrupted
from worker import serve


class Done(Status):
    done = True
    success = True

    def add_callback(self, callback):
        callback(self)

    def exception(self, timeout=0.0):
        return None


class Device:
    parent = None

    def __init__(self, name):
        self.name = name
        self.position = 1.0

    def read(self):
        return {self.name: {"value": self.position, "timestamp": time.time()}}

    def describe(self):
        return {self.name: {"source": "peer", "dtype": "number", "shape": []}}

    def read_configuration(self):
        return {}

    def describe_configuration(self):
        return {}


class Detector(Device):
    def trigger(self):
        return Done()


class Motor(Device):
    def set(self, value):
        self.position = value
        return Done()


class Flyer:
    """Has flown: it hands out one page of 50 columns."""

    name = "flyer"
    parent = None

    def __init__(self, rows):
        self.time = numpy.arange(rows) / 1000 + 1.7e9
        self.keys = [f"c{i}" for i in range(50)]

    def kickoff(self):
        return Done()

    complete = kickoff

    def describe_collect(self):
        return {"fly": {key: {"source": "peer", "dtype": "number", "shape": []} for key in self.keys}}

    def collect_pages(self):
        yield {
            "data": {key: numpy.ones(len(self.time)) for key in self.keys},
            "timestamps": {key: self.time for key in self.keys},
            "time": self.time,
        }


logging.disable()  # it tells of every abort
engine = RunEngine({}, context_managers=[])
detector = Detector("det")
x, y = Motor("x"), Motor("y")
format_stack = traceback.format_stack


def capture(stack):
    traceback.format_stack = format_stack if stack else (lambda *args, **kwargs: [])


def measure(make_plan, parts, stack):
    capture(stack)
    start = time.perf_counter()
    engine(make_plan())
    return [(time.perf_counter() - start) / parts]


def count(n, stack=True):
    return measure(lambda: bp.count([detector], n), n, stack)


def scan(n, stack=True):
    return measure(lambda: bp.scan([detector], x, 0, 1, n), n, stack)


def grid_scan(n, stack=True):
    return measure(lambda: bp.grid_scan([detector], x, 0, 1, n, y, 0, 1, n), n * n, stack)


def nulls(n):
    for _ in range(n):
        yield from bps.null()


def null(n, stack=True):
    return measure(lambda: nulls(n), n, stack)


def nest(depth, n):
    yield from nulls(n) if depth == 1 else nest(depth - 1, n)


def nested(n, stack=True):
    return measure(lambda: nest(5, n), n, stack)


def runs(n, stack=True):
    capture(stack)
    start = time.perf_counter()
    for _ in range(n):
        engine(bp.count([detector]))
    return [(time.perf_counter() - start) / n]


def first(n, stack=True):
    """From the call to the start document."""
    capture(stack)
    durations = []
    for _ in range(n):
        arrived = []
        start = time.perf_counter()
        engine(bp.count([detector]), {"start": [lambda name, doc: arrived.append(time.perf_counter())]})
        durations.append(arrived[0] - start)
    return durations


def endless():
    yield from bps.checkpoint()
    while True:
        yield from bps.null()


def requests(n, request, reached, stack):
    """From the request to the state, while a plan sends messages as fast as it can."""
    capture(stack)
    durations = []
    for _ in range(n):
        requested = []
        there = []

        def note(state, old):
            if state == reached:
                there.append(time.perf_counter())

        def ask():
            requested.append(time.perf_counter())
            request()

        engine.state_hook = note
        threading.Timer(0.05, ask).start()
        try:
            engine(endless())
        except RunEngineInterrupted:
            pass
        engine.state_hook = None
        durations.append(there[0] - requested[0])
        if engine.state == "paused":
            engine.abort()
    return durations


def pause(n, stack=True):
    return requests(n, engine.request_pause, "paused", stack)


def abort(n, stack=True):
    return requests(n, engine.abort, "idle", stack)


def page(n, stack=True):
    return measure(lambda: bp.fly([Flyer(n)]), 1, stack)


serve(
    {
        "count": count,
        "scan": scan,
        "grid_scan": grid_scan,
        "null": null,
        "nested": nested,
        "runs": runs,
        "first": first,
        "pause": pause,
        "abort": abort,
        "page": page,
    }
)
