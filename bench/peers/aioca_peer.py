"""aioca: ophyd-async's Channel Access client."""

import asyncio
import time

import aioca
from worker import serve, timed

loop = asyncio.new_event_loop()


def get(protocol, pv, n):
    return loop.run_until_complete(timed(n, lambda: aioca.caget(pv)))


def bulk(protocol, pvs, n):
    return loop.run_until_complete(timed(n, lambda: aioca.caget(pvs)))


def connect(protocol, pvs, n):
    async def run():
        start = time.perf_counter()
        await aioca.caget(pvs, format=aioca.FORMAT_CTRL, timeout=10)
        return [time.perf_counter() - start]

    return loop.run_until_complete(run())


serve({"get": get, "bulk": bulk, "connect": connect})
