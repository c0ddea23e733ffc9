"""Serves over pvAccess what no record can: each PV as its first argument says, `{ name: type code }` in JSON, or
`{ name: [type code, initial value] }`.

Prints the port it is searched at, then obeys lines of JSON on standard input; the process ends with its input.
"""

import json
import os
import sys
import threading
import time

import numpy
from p4p import Value
from p4p.nt import NTEnum, NTNDArray, NTScalar, NTTable
from p4p.server import Server, ServerOperation
from p4p.server.thread import SharedPV


TABLE = NTTable([
    ("flag", "?"), ("i8", "b"), ("u8", "B"), ("i16", "h"), ("u16", "H"), ("i32", "i"), ("u32", "I"), ("i64", "l"), ("u64", "L"),
    ("f32", "f"), ("f64", "d"), ("text", "s"),
]).type


def put(pv, operation: ServerOperation):
    pv.post(operation.value())
    operation.done()


def refuse(pv, operation: ServerOperation):
    operation.done(error="the interlock is open")


def initial(code):
    if code.startswith("a"):
        return []
    return {"s": "", "?": False}.get(code, 0)


def served(code):
    if isinstance(code, list):
        code, first = code
        pv = SharedPV(nt=NTEnum() if code == "enum" else NTScalar(code), initial=first)
        pv.put(put)
        return pv
    if code == "refusing":
        pv = SharedPV(nt=NTScalar("i"), initial=0)
        pv.put(refuse)
        return pv
    structure = {"table": TABLE, "frame": NTNDArray().type}.get(code)
    if structure is not None:
        pv = SharedPV(initial=Value(structure, {}))
        pv.put(put)
        return pv
    if code == "enum":
        kind, value = NTEnum(), {"index": 0, "choices": ["Aaa", "Größe", "Ccc"]}
    elif code == "ndarray":
        kind, value = NTNDArray(), numpy.zeros((2, 3), "u1")
    else:
        kind, value = NTScalar(code), initial(code)
    pv = SharedPV(nt=kind, initial=value)
    pv.put(put)
    return pv


def burst(pv, count):
    """Values 1 to `count`, as fast as they can be posted."""
    for number in range(1, count + 1):
        pv.post(number)


def frames(pv, shape, rate, count):
    """Frames whose first bytes are their number, at a steady rate."""
    frame = numpy.zeros(shape, "u1")
    start = time.monotonic()
    for number in range(1, count + 1):
        frame.reshape(-1)[:4] = numpy.frombuffer(numpy.uint32(number).tobytes(), "u1")
        pv.post(frame.copy())
        time.sleep(max(0, start + number / rate - time.monotonic()))


pvs = {name: served(code) for name, code in json.loads(sys.argv[1]).items()}
with Server(providers=[pvs]) as server:
    print(json.dumps(server.conf()), flush=True)
    for line in sys.stdin:
        command, name, *arguments = json.loads(line)
        {"burst": burst, "frames": frames}[command](pvs[name], *arguments)
        print("done", flush=True)
    os._exit(0)
