"""A p4p server of one PV of each normative type that an IOC's records don't have; prints "ready" when it serves."""

import sys

from p4p.nt import NTEnum, NTScalar, NTTable
from p4p.server import Server
from p4p.server.thread import SharedPV


class Writable:
    def put(self, pv, op):
        pv.post(op.value())
        op.done()


def serve(nt, initial):
    return SharedPV(nt=nt, initial=initial, handler=Writable())


alarm = {"severity": 2, "status": 2, "message": "too hot"}
stamp = {"secondsPastEpoch": 1700000000, "nanoseconds": 250000000, "userTag": 0}
late = NTScalar("d").wrap(36.6, timestamp=1700000000.25)
late["alarm"] = alarm

table = NTTable([("name", "s"), ("x", "d")])

with Server(
    providers=[
        {
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
