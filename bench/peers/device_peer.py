"""ophyd-async's devices, on its own signals (aioca, p4p) or, with DEVICE_SIGNALS=ophyd-epicsrs, on those of ophyd-epicsrs."""

import asyncio
import os
import time

from ophyd_async.core import Device
from worker import serve

if os.environ["DEVICE_SIGNALS"] == "ophyd-epicsrs":
    from ophyd_epicsrs.ophyd_async import epicsrs_signal_rw as signal_rw
else:
    from ophyd_async.epics.core import epics_signal_rw as signal_rw

TYPES = {"float": float, "int": int, "bool": bool, "string": str}
loop = asyncio.new_event_loop()
asyncio.set_event_loop(loop)


class Group(Device):
    def __init__(self, signals):
        for name, pv, datatype in signals:
            setattr(self, name, signal_rw(TYPES[datatype], pv))
        super().__init__()


class Tree(Device):
    def __init__(self, groups):
        for name, signals in groups.items():
            setattr(self, name, Group(signals))
        super().__init__(name="device")


def connect(groups):
    async def run():
        start = time.perf_counter()
        device = Tree(groups)
        await device.connect(timeout=10)
        return [time.perf_counter() - start]

    return loop.run_until_complete(run())


serve({"connect": connect})
