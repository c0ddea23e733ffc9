"""A p4p server of one PV of each normative type that an IOC's records don't have, and of two whose clocks are a minute off.

Prints "ready" when it serves."""

import sys
import threading
import time

from p4p.nt import NTEnum, NTScalar, NTTable
from p4p.server import Server
from p4p.server.thread import SharedPV


class Writable:
    def put(self, pv, op):
        pv.post(op.value())
        op.done()


def serve(nt, initial):
    return SharedPV(nt=nt, initial=initial, handler=Writable())


MINUTE = 60
number = NTScalar("d")
beats = {"p:future": MINUTE, "p:past": -MINUTE}
clocks = {name: SharedPV(nt=number, initial=number.wrap(0, timestamp=time.time() + off)) for name, off in beats.items()}


def beat():
    while True:
        time.sleep(0.1)
        for name, off in beats.items():
            clocks[name].post(number.wrap(0, timestamp=time.time() + off))


threading.Thread(target=beat, daemon=True).start()

alarm = {"severity": 2, "status": 2, "message": "too hot"}
late = NTScalar("d").wrap(36.6, timestamp=1700000000.25)
late["alarm"] = alarm

table = NTTable([("name", "s"), ("x", "d")])

with Server(
    providers=[
        {
            **clocks,
            "p:bool": serve(NTScalar("?"), False),
            "p:int64": serve(NTScalar("l"), 2**62 + 1),
            "p:uint64": serve(NTScalar("L"), 2**64 - 1),
            "p:int64s": serve(NTScalar("al"), [-(2**63), 2**53 + 1]),
            "p:enum": serve(NTEnum(), {"index": 1, "choices": ["Shut", "Open"]}),
            "p:strings": serve(NTScalar("as"), ["one", "two words"]),
            "p:hot": SharedPV(nt=NTScalar("d"), initial=late, handler=Writable()),
            "p:table": serve(table, table.wrap([{"name": "a", "x": 1.5}, {"name": "b", "x": float("nan")}])),
        }
    ]
):
    print("ready", flush=True)
    sys.stdin.read()
