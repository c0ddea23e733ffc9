"""p4p: ophyd-async's pvAccess client."""

import asyncio
import time

from p4p.client.asyncio import Context
from worker import serve, timed

loop = asyncio.new_event_loop()


async def open_context():
    return Context("pva", nt=False)


context = loop.run_until_complete(open_context())


def get(protocol, pv, n):
    return loop.run_until_complete(timed(n, lambda: context.get(pv)))


def bulk(protocol, pvs, n):
    return loop.run_until_complete(timed(n, lambda: context.get(pvs)))


def connect(protocol, pvs, n):
    async def run():
        start = time.perf_counter()
        await context.get(pvs)
        return [time.perf_counter() - start]

    return loop.run_until_complete(run())


serve({"get": get, "bulk": bulk, "connect": connect})
