"""ophyd-async's side of the exchange of settings: `python settings-exchange.py FOLDER DEVICE` obeys one word a line on standard input.

`store` writes FOLDER/theirs.yaml, `apply` applies what differs of FOLDER/ours.yaml and tells the names of these signals. Each answers
with one line of JSON.
"""

import json
import sys
from collections.abc import Sequence

import numpy as np
from bluesky import RunEngine
from ophyd_async.core import Array1D, Device, StrictEnum, Table, YamlSettingsProvider, init_devices
from ophyd_async.epics.core import epics_signal_rw
from ophyd_async.fastcs.panda import SeqTable
from ophyd_async.plan_stubs import apply_settings, apply_settings_if_different, retrieve_settings, store_settings


class Mode(StrictEnum):
    OFF = "Off"
    NO = "No"
    SLOW = "1e3"


class Camera(Device):
    def __init__(self, prefix):
        self.acquire_time = epics_signal_rw(float, prefix + "AcquireTime")
        self.num_images = epics_signal_rw(int, prefix + "NumImages")
        super().__init__()


class Everything(Device):
    def __init__(self, prefix, name=""):
        self.cam = Camera(prefix)
        self.mode = epics_signal_rw(Mode, "pva://" + prefix + "Mode")
        self.label = epics_signal_rw(str, prefix + "Label")
        self.comment = epics_signal_rw(str, "pva://" + prefix + "Comment")
        self.open_shutter = epics_signal_rw(bool, prefix + "OpenShutter")
        self.big_number = epics_signal_rw(int, "pva://" + prefix + "BigNumber")
        self.offsets = epics_signal_rw(Array1D[np.int32], prefix + "Offsets")
        self.curve = epics_signal_rw(Array1D[np.float64], "pva://" + prefix + "Curve")
        self.names = epics_signal_rw(Sequence[str], prefix + "Names")
        super().__init__(name=name)


class Sequencer(Device):
    """Of ophyd-async's own table of a PandA, and of columns of each kind."""

    def __init__(self, prefix, name=""):
        self.sequence = epics_signal_rw(SeqTable, "pva://" + prefix + "Sequence")
        self.columns = epics_signal_rw(Table, "pva://" + prefix + "table")
        super().__init__(name=name)


folder = sys.argv[1]
engine = RunEngine()
provider = YamlSettingsProvider(folder)
with init_devices():
    device = Everything("set:", name="device") if sys.argv[2] == "everything" else Sequencer("p4p:", name="device")


def store():
    engine(store_settings(provider, "theirs", device))


def apply():
    written = []

    def apply_plan(settings):
        written.extend(signal.name for signal in settings)
        yield from apply_settings(settings)

    def plan():
        settings = yield from retrieve_settings(provider, "ours", device)
        yield from apply_settings_if_different(settings, apply_plan)

    engine(plan())
    return sorted(written)


print(json.dumps("ready"), flush=True)
for line in sys.stdin:
    print(json.dumps({"store": store, "apply": apply}[line.strip()]()), flush=True)
