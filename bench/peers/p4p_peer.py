"""p4p: ophyd-async's pvAccess client."""

import asyncio
import time

from devices import connect_device
from p4p.client.asyncio import Context
from worker import Updates, serve, timed

loop = asyncio.new_event_loop()
updates = None
# p4p ends a subscription that nobody refers to.
subscriptions = []


async def open_context():
    return Context("pva", nt=False)


context = loop.run_until_complete(open_context())


def run(coroutine):
    return loop.run_until_complete(coroutine)


def get(protocol, pv, n):
    return run(timed(n, lambda: context.get(pv)))


def sequence(protocol, pvs, n):
    async def read():
        for pv in pvs:
            await context.get(pv)

    return run(timed(n, read))


def bulk(protocol, pvs, n, form="value"):
    return run(timed(n, lambda: context.get(pvs)))


def put_get(protocol, pv, n):
    async def write():
        await context.put(pv, {"value": 2.5}, wait=True, get=False)
        await context.get(pv)

    return run(timed(n, write))


def connect(protocol, pvs, n):
    async def all_of_them():
        start = time.perf_counter()
        await context.get(pvs)
        return [time.perf_counter() - start]

    return run(all_of_them())


def device(protocol, pvs, n):
    from ophyd_async.epics.core import epics_signal_r

    return run(connect_device([epics_signal_r(float, f"pva://{pv}") for pv in pvs]))


def subscribe(protocol, pvs, n):
    global updates
    updates = Updates(pvs)

    async def start():
        for pv in pvs:

            async def update(value, pv=pv):
                stamp = value.timeStamp
                updates.add(pv, stamp.secondsPastEpoch + 1e-9 * stamp.nanoseconds)

            subscriptions.append(context.monitor(pv, update, request="record[queueSize=1000]"))
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


async def end():
    for subscription in subscriptions:
        subscription.close()
    await asyncio.gather(*(subscription.wait_closed() for subscription in subscriptions))


run(end())
context.close()
