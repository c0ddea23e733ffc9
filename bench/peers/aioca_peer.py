"""aioca: ophyd-async's Channel Access client."""

import asyncio
import time

import aioca
from worker import serve

loop = asyncio.new_event_loop()


def get(protocol, pv, n):
    async def run():
        await aioca.caget(pv)
        durations = []
        for _ in range(n):
            start = time.perf_counter()
            await aioca.caget(pv)
            durations.append(time.perf_counter() - start)
        return durations

    return loop.run_until_complete(run())


def bulk(protocol, pvs, n):
    async def run():
        await aioca.caget(pvs)
        durations = []
        for _ in range(n):
            start = time.perf_counter()
            await aioca.caget(pvs)
            durations.append(time.perf_counter() - start)
        return durations

    return loop.run_until_complete(run())


def connect(protocol, pvs, n):
    async def run():
        start = time.perf_counter()
        await aioca.caget(pvs, format=aioca.FORMAT_CTRL, timeout=10)
        return [time.perf_counter() - start]

    return loop.run_until_complete(run())


serve({"get": get, "bulk": bulk, "connect": connect})
