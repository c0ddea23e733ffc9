"""A peer that measures itself: reads {"op": ..., "n": ..., ...} lines, answers with durations in microseconds and what they cost."""

import json
import os
import sys
import time


def serve(operations):
    """Answers requests until stdin closes; `operations` maps a name to a function(n, **options).

    It returns durations in seconds, or a pair of these and the number of operations that they stand for."""
    answers, sys.stdout = sys.stdout, open(os.devnull, "w")  # what a peer prints is no answer
    for line in sys.stdin:
        request = json.loads(line)
        name = request.pop("op")
        try:
            start = time.process_time()
            durations = operations[name](**request)
            cpu = time.process_time() - start
            durations, count = durations if isinstance(durations, tuple) else (durations, len(durations))
            answer = {"us": [1e6 * d for d in durations], "count": count, "cpuUs": 1e6 * cpu / max(1, count), **state()}
        except Exception as error:  # the bench reports it in the peer's row and goes on
            answer = {"error": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


def state():
    with open("/proc/self/statm") as file:
        resident = int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return {"threads": len(os.listdir("/proc/self/task")), "residentMb": resident / 2**20}


async def timed(n, action):
    """The duration in seconds of each of n awaited calls, after one that isn't counted."""
    await action()
    durations = []
    for _ in range(n):
        start = time.perf_counter()
        await action()
        durations.append(time.perf_counter() - start)
    return durations


def timed_calls(n, action):
    """The same for a blocking call."""
    action()
    durations = []
    for _ in range(n):
        start = time.perf_counter()
        action()
        durations.append(time.perf_counter() - start)
    return durations


QUIET = 2.0


class Updates:
    """Counts updates; the first of each PV only says how it is."""

    def __init__(self, names):
        self.names = names
        self.seen = set()
        self.count = 0
        self.first = self.last = 0.0
        self.delays = []

    def add(self, name, timestamp, at=None):
        """An update that came just now, or at `at` in seconds since 1970."""
        if name not in self.seen:
            self.seen.add(name)
            return
        self.last = time.perf_counter()
        self.first = self.first or self.last
        self.count += 1
        self.delays.append((at or time.time()) - timestamp)

    @property
    def ready(self):
        return len(self.seen) == len(self.names)

    def ended(self, wanted):
        return self.count >= wanted or (self.count > 0 and time.perf_counter() - self.last > QUIET)

    def answer(self, delays):
        """How long after its time stamp each update came, or how long it took on average; and how many came."""
        count, first, last, all_delays = self.count, self.first, self.last, self.delays
        self.count, self.first, self.last, self.delays = 0, 0.0, 0.0, []
        return (all_delays if delays else [(last - first) / max(1, count)]), count
