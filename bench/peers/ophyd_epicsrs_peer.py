"""ophyd-epicsrs: the native contexts that its signals stand on, through their asyncio surface."""

import asyncio
import logging
import time

from devices import connect_device
from ophyd_epicsrs import get_ca_context, get_pva_context
from worker import Updates, serve, timed

logging.disable()  # its client takes the IOC's first beacons for restarts, and says so
loop = asyncio.new_event_loop()
contexts = {"ca": get_ca_context(), "pva": get_pva_context()}
updates = None
kept = []


def run(coroutine):
    return loop.run_until_complete(coroutine)


async def connected(protocol, pv):
    channel = contexts[protocol].create_pv(pv)
    assert await channel.connect_async(5.0)
    return channel


def get(protocol, pv, n):
    async def all_of_them():
        channel = await connected(protocol, pv)

        async def read():
            assert await channel.get_value_async() is not None

        return await timed(n, read)

    return run(all_of_them())


def sequence(protocol, pvs, n):
    async def all_of_them():
        channels = [await connected(protocol, pv) for pv in pvs]

        async def read():
            for channel in channels:
                assert await channel.get_value_async() is not None

        return await timed(n, read)

    return run(all_of_them())


def bulk(protocol, pvs, n, form="value"):
    async def read():
        values = await contexts[protocol].bulk_get_async(pvs, 5.0)
        assert all(value is not None for value in values.values())

    return run(timed(n, read))


def put_get(protocol, pv, n):
    async def all_of_them():
        channel = await connected(protocol, pv)

        async def write():
            await channel.put_async(2.5)
            assert await channel.get_value_async() is not None

        return await timed(n, write)

    return run(all_of_them())


def connect(protocol, pvs, n):
    context = contexts[protocol]
    start = time.perf_counter()
    if protocol == "ca":
        context.bulk_connect_and_prefetch([context.create_pv(pv) for pv in pvs], 10.0)
    else:
        run(connect_each([context.create_pv(pv) for pv in pvs]))
    return [time.perf_counter() - start]


async def connect_each(channels):
    """pvAccess has no bulk prefetch there: each channel connects and reads its metadata, all at the same time."""

    async def one(channel):
        assert await channel.connect_async(10.0)
        await channel.get_reading_async(10.0, "ctrl")

    await asyncio.gather(*(one(channel) for channel in channels))


def device(protocol, pvs, n):
    from ophyd_epicsrs.ophyd_async import epicsrs_signal_r

    return run(connect_device([epicsrs_signal_r(float, f"{protocol}://{pv}") for pv in pvs]))


def subscribe(protocol, pvs, n):
    global updates
    updates = Updates(pvs)
    channels = [run(connected(protocol, pv)) for pv in pvs]
    for channel, pv in zip(channels, pvs):
        channel.set_monitor_callback(lambda pv=pv, **update: updates.add(pv, update["timestamp"]))
    kept.extend(channels)
    while not updates.ready:
        time.sleep(0.01)
    return []


def collect(protocol, n, delays):
    while not updates.ended(n):
        time.sleep(0.05)
    return updates.answer(delays)


serve(
    {
        "get": get,
        "sequence": sequence,
        "bulk": bulk,
        "put_get": put_get,
        "connect": connect,
        "device": device,
        "subscribe": subscribe,
        "collect": collect,
    }
)
