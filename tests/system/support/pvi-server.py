"""A device that tells of itself by PVI, on a p4p server: signals, commands, a device below, vectors in both forms, and faulty structures.

Prints its ports; ends with its standard input.
"""

import json
import os
import sys
import time

import numpy as np
from p4p import Type, Value
from p4p.nt import NTEnum, NTScalar, NTTable
from p4p.server import Server
from p4p.server.thread import SharedPV


class Writable:
    def put(self, pv, op):
        pv.post(op.value(), timestamp=time.time())
        op.done()


class Command:
    def put(self, pv, op):
        runs.post(runs.current() + 1, timestamp=time.time())
        op.done()


def pvi(**entries):
    def typed(entry):
        if isinstance(entry, list):
            keys = {key for one in entry if one for key in one}
            return ("aS", None, [(key, "s") for key in sorted(keys)])
        return ("S", None, [(key, "s") for key in entry])

    fields = [(name, typed(entry)) for name, entry in entries.items()]
    return SharedPV(initial=Value(Type([("value", ("S", None, fields))], id="epics:nt/NTPVI:1.0"), {"value": entries}))


def scalar(code, value):
    return SharedPV(nt=NTScalar(code, display=True), handler=Writable(), initial=value)


runs = scalar("i", 0)
pvs = {
    "box:PVI": pvi(
        gap={"rw": "box:GAP"},
        width={"r": "box:WIDTH_RBV", "w": "box:WIDTH"},
        temperature={"r": "box:TEMP"},
        count={"rw": "box:COUNT"},
        mode={"rw": "box:MODE"},
        armed={"rw": "box:ARMED"},
        label={"rw": "box:LABEL"},
        wave={"r": "box:WAVE"},
        table={"rw": "box:TABLE"},
        secret={"w": "box:SECRET"},
        name={"r": "box:NAME"},
        runs={"r": "box:RUNS"},
        start={"x": "box:START"},
        pulse={"d": "box:PULSES:PVI"},
        old=[None, {"d": "box:PULSE1:PVI"}, {"d": "box:PULSE2:PVI"}],
        level={"d": "box:LEVELS:PVI"},
        stage={"d": "box:STAGE:PVI"},
    ),
    "box:PULSES:PVI": pvi(__1={"d": "box:PULSE1:PVI"}, __2={"d": "box:PULSE2:PVI"}),
    "box:PULSE1:PVI": pvi(delay={"rw": "box:PULSE1:DELAY"}, fired={"r": "box:PULSE1:FIRED"}),
    "box:PULSE2:PVI": pvi(delay={"rw": "box:PULSE2:DELAY"}, fired={"r": "box:PULSE2:FIRED"}),
    "box:LEVELS:PVI": pvi(__1={"rw": "box:LEVEL1"}, __3={"rw": "box:LEVEL3"}),
    "box:STAGE:PVI": pvi(x={"rw": "box:STAGE:X"}, home={"x": "box:START"}),
    "box:GAP": scalar("d", 1.5),
    "box:WIDTH": scalar("d", 0.0),
    "box:WIDTH_RBV": scalar("d", 0.25),
    "box:TEMP": scalar("d", 21.5),
    "box:COUNT": scalar("i", 3),
    "box:MODE": SharedPV(nt=NTEnum(), handler=Writable(), initial={"index": 1, "choices": ["Manual", "Auto"]}),
    "box:ARMED": scalar("?", False),
    "box:LABEL": scalar("s", "left"),
    "box:WAVE": scalar("ad", np.arange(4.0)),
    "box:TABLE": SharedPV(
        nt=NTTable([("time", "d"), ("line", "i")]), handler=Writable(), initial=[{"time": 0.5, "line": 2}]
    ),
    "box:SECRET": scalar("i", 0),
    "box:NAME": scalar("s", "the box"),
    "box:RUNS": runs,
    "box:START": SharedPV(nt=NTScalar("i"), handler=Command(), initial=0),
    "box:PULSE1:DELAY": scalar("d", 0.1),
    "box:PULSE2:DELAY": scalar("d", 0.2),
    "box:PULSE1:FIRED": scalar("l", 11),
    "box:PULSE2:FIRED": scalar("l", 12),
    "box:LEVEL1": scalar("d", 1.0),
    "box:LEVEL3": scalar("d", 3.0),
    "box:STAGE:X": scalar("d", 7.0),
    "peer:PVI": pvi(
        gap={"rw": "box:GAP"},
        width={"r": "box:WIDTH_RBV", "w": "box:WIDTH"},
        temperature={"r": "box:TEMP"},
        secret={"w": "box:SECRET"},
        start={"x": "box:START"},
        pulse={"d": "box:PULSES:PVI"},
        old=[None, {"d": "box:PULSE1:PVI"}, {"d": "box:PULSE2:PVI"}],
        level={"d": "box:LEVELS:PVI"},
        base={"d": "box:STAGE:PVI"},
        bank={"d": "both:PVI"},
    ),
    "uneven:PVI": pvi(unit={"d": "uneven:UNITS:PVI"}),
    "uneven:UNITS:PVI": pvi(__1={"d": "uneven:1:PVI"}, __2={"d": "uneven:2:PVI"}),
    "uneven:1:PVI": pvi(gap={"rw": "box:GAP"}, mode={"rw": "box:MODE"}, extra={"r": "box:TEMP"}),
    "uneven:2:PVI": pvi(gap={"rw": "box:GAP"}, mode={"rw": "box:COUNT"}),
    "plain:PVI": scalar("d", 1.0),
    "odd:PVI": pvi(gap={"q": "box:GAP"}),
    "mixed:PVI": pvi(__1={"d": "box:PULSE1:PVI"}, __2={"rw": "box:LEVEL1"}),
    "bank:PVI": pvi(bank={"d": "both:PVI"}),
    "both:PVI": pvi(__1={"rw": "box:LEVEL1"}, gap={"rw": "box:GAP"}),
    "ring:PVI": pvi(inner={"d": "ring:inner:PVI"}),
    "ring:inner:PVI": pvi(outer={"d": "ring:PVI"}),
    "half:PVI": pvi(gap={"rw": "box:GAP"}, gone={"r": "half:GONE"}),
}

server = Server(providers=[pvs], useenv=False, conf={
    "EPICS_PVAS_INTF_ADDR_LIST": "127.0.0.1",
    "EPICS_PVAS_BEACON_ADDR_LIST": "127.0.0.1",
    "EPICS_PVAS_AUTO_BEACON_ADDR_LIST": "NO",
    "EPICS_PVAS_SERVER_PORT": "0",
    "EPICS_PVAS_BROADCAST_PORT": "0",
})
conf = server.conf()
print(json.dumps({"server": int(conf["EPICS_PVAS_SERVER_PORT"]), "search": int(conf["EPICS_PVAS_BROADCAST_PORT"])}), flush=True)
sys.stdin.read()
server.stop()
os._exit(0)
