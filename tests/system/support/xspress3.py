"""An analyser `xs:` with two channels of two regions, as the EPICS module of the Xspress3 names its records, on a server that is not ours.

Its time series grow while it acquires, if they were started. Each put is told as a line `put PV=VALUE`. The process ends when its standard input
is closed.
"""

import asyncio
import os
import sys
import threading

import numpy as np
from caproto import ChannelEnum, ChannelType
from caproto.server import PVGroup, pvproperty, run

CHANNELS, REGIONS = (1, 2), (1, 2)
SETTINGS = {
    "det1:Acquire": ("Done", "Acquire"),
    "det1:ERASE": ("Done", "Erase"),
    "det1:NumImages": 1,
    "det1:AcquireTime": 0.01,
    "Fault": ("None", "Short"),
}
for channel in CHANNELS:
    SETTINGS[f"MCA{channel}ROI:TSNumPoints"] = 1
    SETTINGS[f"MCA{channel}ROI:TSControl"] = ("Erase/Start", "Start", "Stop", "Read")
    SETTINGS[f"C{channel}SCA:TS:TSNumPoints"] = 1
    SETTINGS[f"C{channel}SCA:TS:TSAcquire"] = ("Done", "Acquire")
SERIES = {f"MCA{channel}ROI:{region}:TSTotal": 1000 * channel for channel in CHANNELS for region in REGIONS}
SERIES.update({f"C{channel}SCA:9:TSArrayValue": 0 for channel in CHANNELS})


class Analyser:
    def __init__(self):
        body = {}
        for name, value in SETTINGS.items():

            async def put(_self, instance, value, name=name):
                if isinstance(instance, ChannelEnum) and not isinstance(value, str):
                    value = instance.enum_strings[int(value)]
                print(f"put {instance.pvname}={value}", flush=True)
                return await self.on_put(name, value) or value

            options = {"dtype": ChannelType.ENUM, "enum_strings": value, "value": value[0]} if isinstance(value, tuple) else {"value": value}
            body[name] = pvproperty(name=name, put=put, **options)
        for name in SERIES:
            body[name] = pvproperty(name=name, value=[0.0], max_length=4096)
        states = ("Idle", "Acquire", "Aborted")
        body["state"] = pvproperty(name="det1:DetectorState_RBV", dtype=ChannelType.ENUM, enum_strings=states, value="Idle")
        body["counter"] = pvproperty(name="det1:ArrayCounter_RBV", value=0)
        self.records = type("Records", (PVGroup,), body)(prefix="xs:")
        self.random = np.random.default_rng(7)
        self.series = {name: [] for name in SERIES}
        self.running = dict.fromkeys(SERIES, False)
        self.left = 0

    def record(self, name):
        return getattr(self.records, name)

    async def on_put(self, name, value):
        if name.endswith("TSControl") and value == "Erase/Start":
            self.begin(name.replace("TSControl", ""))
        if name.endswith("TSAcquire") and value == "Acquire":
            self.begin(name.replace("TS:TSAcquire", ""))
        if name == "det1:ERASE":
            await self.records.counter.write(0)
            return "Done"
        if name == "det1:Acquire":
            if value == "Acquire":
                await self.acquire()
                return "Done"
            self.left = 0
        return None

    def begin(self, prefix):
        for name in SERIES:
            if name.startswith(prefix):
                self.series[name] = []
                self.running[name] = True

    async def acquire(self):
        await self.records.state.write("Acquire")
        self.left = self.record("det1:NumImages").value
        while self.left > 0:
            await asyncio.sleep(self.record("det1:AcquireTime").value)
            self.left -= 1
            await self.point()
        await self.records.state.write("Idle")

    async def point(self):
        """One point of every series that was started: counts, and factors above 1."""
        for name, mean in SERIES.items():
            is_late = self.record("Fault").value == "Short" and name == "MCA2ROI:1:TSTotal" and self.left == 0
            if self.running[name] and not is_late:
                value = self.random.poisson(mean) if mean else 1 + self.random.random()
                self.series[name].append(float(value))
                await self.record(name).write(self.series[name])
        await self.records.counter.write(self.records.counter.value + 1)


def end_with_parent():
    sys.stdin.read()
    os._exit(0)


async def ready(_async_lib):
    print("ready", flush=True)


threading.Thread(target=end_with_parent, daemon=True).start()
run(Analyser().records.pvdb, interfaces=["127.0.0.1"], startup_hook=ready)
