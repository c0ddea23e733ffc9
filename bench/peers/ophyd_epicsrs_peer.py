"""ophyd-epicsrs: the native contexts that its signals stand on, through their asyncio surface."""

import asyncio
import time

from ophyd_epicsrs import get_ca_context, get_pva_context
from worker import serve, timed

loop = asyncio.new_event_loop()
contexts = {"ca": get_ca_context(), "pva": get_pva_context()}


def get(protocol, pv, n):
    async def run():
        channel = contexts[protocol].create_pv(pv)
        assert await channel.connect_async(5.0)

        async def read():
            assert await channel.get_value_async() is not None

        return await timed(n, read)

    return loop.run_until_complete(run())


def bulk(protocol, pvs, n):
    async def read():
        values = await contexts[protocol].bulk_get_async(pvs, 5.0)
        assert all(value is not None for value in values.values())

    return loop.run_until_complete(timed(n, read))


def connect(protocol, pvs, n):
    context = contexts[protocol]
    start = time.perf_counter()
    if protocol == "ca":
        context.bulk_connect_and_prefetch([context.create_pv(pv) for pv in pvs], 10.0)
    else:
        loop.run_until_complete(connect_each([context.create_pv(pv) for pv in pvs]))
    return [time.perf_counter() - start]


async def connect_each(channels):
    """pvAccess has no bulk prefetch there: each channel connects and reads its metadata, all at the same time."""

    async def one(channel):
        assert await channel.connect_async(10.0)
        await channel.get_reading_async(10.0, "ctrl")

    await asyncio.gather(*(one(channel) for channel in channels))


serve({"get": get, "bulk": bulk, "connect": connect})
