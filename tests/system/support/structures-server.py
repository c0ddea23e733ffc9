"""Tables, frames, calls and structures on a p4p server. Prints its ports; a line of JSON on standard input posts a value.

Ends with its standard input.
"""

import json
import os
import sys
import threading
import time

import numpy as np
from p4p import Type, Value
from p4p.nt import NTNDArray, NTScalar, NTTable
from p4p.server import Server
from p4p.server.thread import SharedPV

COLUMNS = [
    ("flag", "?"), ("byteflag", "B"), ("i8", "b"), ("u8", "B"), ("i16", "h"), ("u16", "H"), ("i32", "i"), ("u32", "I"),
    ("i64", "l"), ("u64", "L"), ("f32", "f"), ("f64", "d"), ("text", "s"),
]
# The table of a PandA's sequencer; its switches are bytes.
SWITCHES = [f"out{line}{half}" for half in (1, 2) for line in "abcdef"]
SEQUENCE = NTTable([
    ("repeats", "H"), ("trigger", "s"), ("position", "i"), ("time1", "I"), *((name, "B") for name in SWITCHES[:6]),
    ("time2", "I"), *((name, "B") for name in SWITCHES[6:]),
]).type
MEMBERS = {
    "bool": "booleanValue", "int8": "byteValue", "int16": "shortValue", "int32": "intValue", "int64": "longValue",
    "uint8": "ubyteValue", "uint16": "ushortValue", "uint32": "uintValue", "uint64": "ulongValue",
    "float32": "floatValue", "float64": "doubleValue",
}
FRAME = NTNDArray().type
TABLE = NTTable(COLUMNS).type
puts = {}


class Writable:
    def put(self, pv, op):
        puts[op.name()] = puts.get(op.name(), 0) + 1
        value = getattr(op.value(), "raw", op.value())
        if "timeStamp" in value.keys():
            now = time.time()
            value["timeStamp"] = {"secondsPastEpoch": int(now), "nanoseconds": int((now % 1) * 1e9)}
        pv.post(value)
        op.done()


class Callable:
    def rpc(self, pv, op):
        request = op.value()
        query = request.query
        if request.path.endswith("add"):
            op.done(NTScalar("d").wrap(query.lhs + query.rhs))
        elif request.path.endswith("echo"):
            op.done(Value(Type([("path", "s"), ("scheme", "s"), ("kinds", "as"), ("sum", "d")]), {
                "path": request.path, "scheme": request.scheme,
                "kinds": [f"{key} {query.type()[key]}" for key in query.keys()],
                "sum": float(np.sum(query.numbers)) if "numbers" in query.keys() else 0.0,
            }))
        elif request.path.endswith("nothing"):
            op.done()
        elif request.path.endswith("puts"):
            op.done(NTScalar("i").wrap(puts.get(query.name, 0)))
        elif request.path.endswith("slow"):
            threading.Timer(float(query.seconds), lambda: op.done(NTScalar("d").wrap(1.0))).start()
        elif request.path.endswith("die"):
            os._exit(9)
        else:
            op.done(error=f"no such call as {request.path}")


def frame(kind, shape, first=0, codec="", unique_id=7, taken=1700000000.25, stamped=1700000001.5, attributes=None):
    count = int(np.prod(shape))
    data = (np.arange(first, first + count) % 2 == 1) if kind == "bool" else np.arange(first, first + count).astype(kind)
    seconds = lambda stamp: {"secondsPastEpoch": int(stamp), "nanoseconds": int((stamp % 1) * 1e9)}
    return Value(FRAME, {
        "value": (MEMBERS[kind], data),
        "codec.name": codec,
        "compressedSize": data.nbytes,
        "uncompressedSize": data.nbytes,
        "uniqueId": unique_id,
        "dataTimeStamp": seconds(taken),
        "timeStamp": seconds(stamped),
        "dimension": [
            {"size": size, "offset": 1, "fullSize": size + 1, "binning": 2, "reverse": False} for size in reversed(shape)
        ],
        "attribute": [
            {"name": name, "value": value, "descriptor": f"the {name}", "source": "driver", "sourceType": 0}
            for name, value in (attributes or {}).items()
        ],
    })


def table(rows):
    values = {
        "flag": [at % 2 == 1 for at in range(rows)],
        "byteflag": [at % 2 for at in range(rows)],
        "text": [f"row {at} ä" for at in range(rows)],
    }
    for name, code in COLUMNS:
        values.setdefault(name, np.arange(rows))
    return Value(TABLE, {
        "labels": [name.upper() for name, _ in COLUMNS],
        "value": values,
        "timeStamp": {"secondsPastEpoch": int(time.time()), "nanoseconds": 500000000},
    })


pvs = {f"p4p:frame:{kind}": SharedPV(initial=frame(kind, (2, 3))) for kind in MEMBERS}
pvs["p4p:frame:live"] = SharedPV(initial=frame("uint16", (2, 3)))
pvs["p4p:frame:rgb"] = SharedPV(initial=frame("uint8", (4, 5, 3), attributes={"ColorMode": 2, "Name": "cam", "Gain": 1.5}))
pvs["p4p:frame:jpeg"] = SharedPV(initial=frame("uint8", (10,), codec="jpeg"))
pvs["p4p:frame:short"] = SharedPV(initial=frame("uint8", (2, 3)))
pvs["p4p:frame:short"].post(Value(FRAME, {"value": ("ubyteValue", np.zeros(5, "u1"))}))
pvs["p4p:frame:unstamped"] = SharedPV(initial=frame("int32", (3,), stamped=0.0))
pvs["p4p:frame:none"] = SharedPV(initial=Value(FRAME, {}))
pvs["p4p:frame:big"] = SharedPV(initial=frame("uint16", (8,)))
pvs["p4p:table"] = SharedPV(initial=table(3), handler=Writable())
pvs["p4p:table:empty"] = SharedPV(initial=table(0), handler=Writable())
pvs["p4p:table:fixed"] = SharedPV(initial=table(2))
pvs["p4p:Sequence"] = SharedPV(initial=Value(SEQUENCE, {}), handler=Writable())
pvs["p4p:structure"] = SharedPV(handler=Writable(), initial=Value(
    Type([("x", "d"), ("label", "s"), ("deep", ("S", None, [("n", "i"), ("wave", "ad")]))]),
    {"x": 1.5, "label": "one", "deep": {"n": 3, "wave": [1.0, 2.0]}},
))
pvs["p4p:scalar"] = SharedPV(nt=NTScalar("d", display=True, control=True), handler=Writable(), initial=2.5)
for call in ["add", "echo", "nothing", "slow", "fail", "puts", "die"]:
    pvs[f"p4p:call:{call}"] = SharedPV(handler=Callable(), initial=NTScalar("d").wrap(0.0))

port = lambda name: os.environ.get(name, "0")
server = Server(providers=[pvs], useenv=False, conf={
    "EPICS_PVAS_INTF_ADDR_LIST": "127.0.0.1",
    "EPICS_PVAS_BEACON_ADDR_LIST": "127.0.0.1",
    "EPICS_PVAS_AUTO_BEACON_ADDR_LIST": "NO",
    "EPICS_PVAS_SERVER_PORT": port("SERVER_PORT"),
    "EPICS_PVAS_BROADCAST_PORT": port("SEARCH_PORT"),
})
conf = server.conf()
print(json.dumps({"server": int(conf["EPICS_PVAS_SERVER_PORT"]), "search": int(conf["EPICS_PVAS_BROADCAST_PORT"])}), flush=True)


def stream(kind, shape, count, period):
    big = frame(kind, shape)
    begun = time.monotonic()
    for at in range(count):
        big["uniqueId"] = at + 1
        pvs["p4p:frame:big"].post(big)
        time.sleep(max(0, begun + (at + 1) * period - time.monotonic()))


for line in sys.stdin:
    command = json.loads(line)
    what = command.pop("what")
    if what == "frame":
        name = command.pop("name")
        command["shape"] = tuple(command["shape"])
        pvs[name].post(frame(**command))
    elif what == "table":
        pvs["p4p:table"].post(table(command["rows"]))
    elif what == "stream":
        threading.Thread(target=stream, kwargs={**command, "shape": tuple(command["shape"])}, daemon=True).start()
server.stop()
