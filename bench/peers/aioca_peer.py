"""aioca: ophyd-async's Channel Access client."""

import asyncio
import time

import aioca
from devices import connect_device
from worker import Updates, serve, timed

loop = asyncio.new_event_loop()
updates = None


def run(coroutine):
    return loop.run_until_complete(coroutine)


def get(protocol, pv, n):
    return run(timed(n, lambda: aioca.caget(pv)))


def sequence(protocol, pvs, n):
    async def read():
        for pv in pvs:
            await aioca.caget(pv)

    return run(timed(n, read))


def bulk(protocol, pvs, n, form="value"):
    kind = aioca.FORMAT_TIME if form == "time" else aioca.FORMAT_RAW
    return run(timed(n, lambda: aioca.caget(pvs, format=kind)))


def put_get(protocol, pv, n):
    async def write():
        await aioca.caput(pv, 2.5, wait=True)
        await aioca.caget(pv)

    return run(timed(n, write))


def connect(protocol, pvs, n):
    async def all_of_them():
        start = time.perf_counter()
        await aioca.caget(pvs, format=aioca.FORMAT_CTRL, timeout=10)
        return [time.perf_counter() - start]

    return run(all_of_them())


def device(protocol, pvs, n):
    from ophyd_async.epics.core import epics_signal_r

    return run(connect_device([epics_signal_r(float, f"ca://{pv}") for pv in pvs]))


def subscribe(protocol, pvs, n):
    global updates
    updates = Updates(pvs)

    async def start():
        aioca.camonitor(
            pvs,
            lambda value, index: updates.add(index, value.timestamp),
            format=aioca.FORMAT_TIME,
            all_updates=True,
        )
        while not updates.ready:
            await asyncio.sleep(0.01)
        return []

    return run(start())


def collect(protocol, n, delays):
    async def wait():
        while not updates.ended(n):
            await asyncio.sleep(0.05)
        return updates.answer(delays)

    return run(wait())


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
