"""A scaler record `c:s`, an analyser record `c:m`, an electrometer `c:q:` and a busy record `c:busy`, on a server that is not ours.

They do what the records and the driver of the EPICS modules scaler, mca, quadEM and busy do: a put of CNT is complete when the record has
finished, ACQG goes back only when the spectrum and its regions are there, and statistics plugins that don't block are behind their driver.
The process ends when its standard input is closed.
"""

import asyncio
import os
import sys
import threading

import numpy as np
from caproto import ChannelEnum, ChannelType
from caproto.server import PVGroup, pvproperty, run

FREQUENCY = 1e6
NAMES = ("sec", "I0", "", "det")
CHANNELS, BINS, REGIONS = range(1, 5), 64, range(3)
AVERAGES = ("Current1", "Current2", "Current3", "Current4", "SumAll", "PosX", "PosY")
NO_YES, OFF_ON = ("N", "Y"), ("Disable", "Enable")
TICK = 0.01
random = np.random.default_rng(11)


def property_of(name, value, put):
    if isinstance(value, tuple):
        options = {"dtype": ChannelType.ENUM, "enum_strings": value, "value": value[0]}
    elif isinstance(value, str):
        options = {"dtype": ChannelType.STRING, "value": value}
    else:
        options = {"value": value}
    return pvproperty(name=name, put=put, **options)


class Group:
    """Records by their names; a put of one goes to the method of this class that is called like it."""

    def __init__(self, prefix, settings):
        body = {}
        for name, value in settings.items():

            async def put(_self, instance, value, name=name):
                if isinstance(instance, ChannelEnum) and not isinstance(value, str):
                    value = instance.enum_strings[int(value)]
                on_put = getattr(self, "on_" + name.strip(".").replace(":", "_"), None)
                became = await on_put(value) if on_put else None
                return value if became is None else became

            body["p" + name.replace(".", "_").replace(":", "_")] = property_of(name, value, put)
        self.records = type("Records", (PVGroup,), body)(prefix=prefix)
        self.prefix = prefix

    def __getitem__(self, name):
        return self.records.pvdb[self.prefix + name]

    def get(self, name):
        return self[name].value

    async def post(self, name, value):
        await self[name].write(value, verify_value=False)

    def is_on(self, name):
        return self.get(name) == self[name].enum_strings[1]


class Scaler(Group):
    def __init__(self):
        settings = {".CNT": ("Done", "Count"), ".CONT": ("OneShot", "AutoCount"), ".TP": 1.0, ".T": 0.0, ".FREQ": FREQUENCY}
        for channel in CHANNELS:
            settings.update({f".S{channel}": 0.0, f".NM{channel}": NAMES[channel - 1], f".PR{channel}": 0.0, f".G{channel}": NO_YES})
        super().__init__("c:s", settings)
        self.counting = False
        self.done = asyncio.Event()

    async def on_TP(self, value):
        await self.post(".PR1", round(value * FREQUENCY))
        await self.post(".G1", "Y")

    async def on_CONT(self, value):
        if value == "AutoCount":
            asyncio.get_running_loop().create_task(self.count_in_background())

    async def on_CNT(self, value):
        """Complete when it has finished; one that counts already minds another 1 no more, and 0 ends it with what there is."""
        if value == "Count" and not self.counting:
            self.counting = True
            await self.post(".CNT", "Count")
            self.done.clear()
            await self.count()
            self.counting = False
            self.done.set()
        elif value == "Count":
            await self.done.wait()
        elif self.counting:
            self.counting = False
            await self.done.wait()
        return "Done"

    async def show(self, seconds, factor):
        counts = [seconds * FREQUENCY, *(float(random.poisson(1e4 * channel * seconds) * factor) for channel in CHANNELS[1:])]
        for channel, count in zip(CHANNELS, counts):
            await self.post(f".S{channel}", count)
        await self.post(".T", seconds)

    async def count(self):
        loop = asyncio.get_running_loop()
        begun = loop.time()
        presets = {channel: self.get(f".PR{channel}") for channel in CHANNELS if self.is_on(f".G{channel}")}
        presets[1] = round(self.get(".TP") * FREQUENCY) if self.is_on(".G1") else 0
        await self.show(0.0, 1)
        while self.counting:
            await asyncio.sleep(TICK)
            elapsed = loop.time() - begun
            if presets[1] > 0 and elapsed * FREQUENCY >= presets[1]:
                await self.show(presets[1] / FREQUENCY, 1)
                return
            await self.show(elapsed, 1)
            if any(preset > 0 and self.get(f".S{channel}") >= preset for channel, preset in presets.items()):
                return

    async def count_in_background(self):
        """What a screen sees; a count that was asked for has the record to itself."""
        while self.is_on(".CONT"):
            await asyncio.sleep(TICK)
            if not self.counting and self.is_on(".CONT"):
                await self.show(0.5, 100)


class Analyser(Group):
    def __init__(self):
        yes = ("Done", "Acquire")
        settings = {f".{name}": yes for name in ("ERST", "STRT", "STOP", "ERAS", "ACQG")}
        settings.update({".PRTM": 0.0, ".PLTM": 0.0, ".ERTM": 0.0, ".ELTM": 0.0, ".MODE": ("PHA", "MCS", "List")})
        for region in REGIONS:
            settings.update({f".R{region}": 0.0, f".R{region}N": 0.0, f".R{region}NM": f"peak{region}"})
            settings.update({f".R{region}LO": -1, f".R{region}HI": -1, f".R{region}BG": 0})
        super().__init__("c:m", settings)
        self.spectrum = type("Spectrum", (PVGroup,), {"val": pvproperty(name="", value=[0] * BINS, max_length=BINS)})(prefix="c:m")
        self.bins = np.zeros(BINS, dtype=int)
        self.acquiring = False
        self.real = 0.0

    async def on_ERST(self, _value):
        self.bins[:] = 0
        self.real = 0.0
        return await self.start()

    async def on_STRT(self, _value):
        return await self.start()

    async def start(self):
        """A put is complete when the acquisition has ended."""
        self.acquiring = True
        await self.post(".ACQG", "Acquire")
        loop = asyncio.get_running_loop()
        begun, before = loop.time(), self.real
        while self.acquiring and not self.is_preset_reached():
            await asyncio.sleep(TICK)
            self.real = before + loop.time() - begun
            self.bins += random.poisson(5 + 200 * np.exp(-(((np.arange(BINS) - 20) / 4) ** 2)))
        self.acquiring = False
        await self.post(".ERTM", self.real)
        await self.post(".ELTM", 0.9 * self.real)
        await self.read()
        await self.post(".ACQG", "Done")
        return "Done"

    def is_preset_reached(self):
        real, live = self.get(".PRTM"), self.get(".PLTM")
        return (real > 0 and self.real >= real) or (live > 0 and 0.9 * self.real >= live)

    async def on_STOP(self, _value):
        await self.post(".STOP", "Acquire")
        self.acquiring = False
        return "Done"

    async def on_ERAS(self, _value):
        self.bins[:] = 0
        await self.read()
        return "Done"

    async def read(self):
        """The spectrum, and each region: its sum, and what is above a line between the averages about its ends."""
        await self.spectrum.val.write(self.bins.tolist())
        for region in REGIONS:
            low, high, n = (self.get(f".R{region}{field}") for field in ("LO", "HI", "BG"))
            if low < 0 or high < low:
                continue
            high = min(high, BINS - 1)
            total = background = float(self.bins[low : high + 1].sum())
            if n >= 0:
                ends = [self.bins[max(end - n, 0) : min(end + n, BINS - 1) + 1].sum() / (2 * n + 1) for end in (low, high)]
                background = np.linspace(ends[0], ends[1], high - low + 1).astype(int).sum()
            await self.post(f".R{region}", total)
            await self.post(f".R{region}N", total - float(background))


class Electrometer(Group):
    def __init__(self):
        settings = {"Acquire": ("Done", "Acquire"), "NumAcquired": 0, "NumAverage_RBV": 0}
        for suffix in ("", "_RBV"):
            settings.update({f"AcquireMode{suffix}": ("Continuous", "Multiple", "Single"), f"AveragingTime{suffix}": 0.1, f"IntegrationTime{suffix}": 0.01})
            for name in AVERAGES:
                settings.update({f"{name}:EnableCallbacks{suffix}": OFF_ON, f"{name}:BlockingCallbacks{suffix}": ("No", "Yes")})
        settings.update({f"{name}:MeanValue_RBV": 0.0 for name in AVERAGES})
        super().__init__("c:q:", settings)
        for name in settings:
            if f"{name}_RBV" in settings and name != "AcquireMode":
                setattr(self, "on_" + name.replace(":", "_"), self.following(name))
        self.acquiring = False

    def following(self, name):
        async def on_put(value):
            await self.post(f"{name}_RBV", value)

        return on_put

    async def on_AcquireMode(self, value):
        await self.post("AcquireMode_RBV", value)
        if value != "Continuous":
            self.acquiring = False

    async def on_Acquire(self, value):
        """A busy record: its put is complete when the driver has finished, or somebody puts 0."""
        if value == "Done" or self.acquiring:
            self.acquiring = False
            return None
        self.acquiring = True
        await self.post("NumAcquired", 0)
        await self.post("Acquire", "Acquire")
        while self.acquiring:
            seconds = self.get("AveragingTime")
            await self.post("NumAverage_RBV", round(seconds / self.get("IntegrationTime")))
            left = seconds
            while self.acquiring and (left > 0 or seconds <= 0):
                await asyncio.sleep(TICK)
                left -= TICK
            if self.acquiring:
                await self.average()
                await self.post("NumAcquired", self.get("NumAcquired") + 1)
                if self.get("AcquireMode") == "Single":
                    self.acquiring = False
        return "Done"

    async def average(self):
        currents = (random.random((self.get("NumAverage_RBV"), 4)) + np.arange(1, 5)).mean(axis=0)
        total = currents.sum()
        position = [(currents[1] - currents[0]) / total, (currents[3] - currents[2]) / total]
        for name, mean in zip(AVERAGES, [*currents, total, *position]):
            if not self.is_on(f"{name}:EnableCallbacks"):
                continue
            if self.is_on(f"{name}:BlockingCallbacks"):
                await self.post(f"{name}:MeanValue_RBV", float(mean))
            else:
                asyncio.get_running_loop().create_task(self.post_later(f"{name}:MeanValue_RBV", float(mean)))

    async def post_later(self, name, mean):
        await asyncio.sleep(0.2)
        await self.post(name, mean)


class Busy(Group):
    """Whoever puts 1 and waits waits until 0 is put, and whoever then waits for the put of 0 is not served before."""

    def __init__(self):
        super().__init__("c:", {"busy": ("Done", "Busy"), "stuck": ("No", "Yes")})
        self.free = asyncio.Event()

    async def on_busy(self, value):
        if value == "Busy":
            self.free.clear()
            await self.post("busy", "Busy")
            await self.free.wait()
            return "Done"
        if self.is_on("stuck"):
            return "Busy"
        self.free.set()
        return None


def end_with_parent():
    sys.stdin.read()
    os._exit(0)


async def ready(_async_lib):
    print("ready", flush=True)


scaler, analyser = Scaler(), Analyser()
threading.Thread(target=end_with_parent, daemon=True).start()
served = {}
for group in (scaler.records, analyser.records, analyser.spectrum, Electrometer().records, Busy().records):
    served.update(group.pvdb)
run(served, interfaces=["127.0.0.1"], startup_hook=ready)
