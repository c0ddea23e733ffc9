"""A peer that measures itself: reads {"op": ..., "n": ..., ...} lines, answers with the durations in microseconds."""

import json
import os
import sys
import time


def serve(operations):
    """Answers requests until stdin closes; `operations` maps a name to a function(n, **options) that returns durations in s."""
    answers, sys.stdout = sys.stdout, open(os.devnull, "w")  # what a peer prints is no answer
    for line in sys.stdin:
        request = json.loads(line)
        name = request.pop("op")
        try:
            durations = operations[name](**request)
            answer = {"us": [1e6 * d for d in durations]}
        except Exception as error:  # the bench reports it in the peer's row and goes on
            answer = {"error": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


async def timed(n, action):
    """The duration in seconds of each of n awaited calls, after one that isn't counted."""
    await action()
    durations = []
    for _ in range(n):
        start = time.perf_counter()
        await action()
        durations.append(time.perf_counter() - start)
    return durations
