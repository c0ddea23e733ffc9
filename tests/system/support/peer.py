"""Reads and writes PVs with clients that are not ours: caproto over Channel Access, p4p over pvAccess.

A request is a line of JSON on standard input, its answer a line on standard output; the process ends with its input.
Numbers travel as the base64 of their little-endian bytes, so that every bit of them is seen.
"""

import base64
import json
import sys

import numpy
from caproto.threading.client import Context as CaContext
from p4p import Value
from p4p.client.thread import Context as PvaContext

TIMEOUT = 20
NUMPY = {"b": "i1", "B": "u1", "h": "i2", "H": "u2", "i": "i4", "I": "u4", "l": "i8", "L": "u8", "f": "f4", "d": "f8"}
MEMBERS = {
    "i1": "byteValue", "u1": "ubyteValue", "i2": "shortValue", "u2": "ushortValue", "i4": "intValue", "u4": "uintValue",
    "i8": "longValue", "u8": "ulongValue", "f4": "floatValue", "f8": "doubleValue",
}


def numbers(values, dtype, array):
    packed = numpy.asarray(values).astype("<" + dtype)
    return {"dtype": dtype, "array": array, "bytes": base64.b64encode(packed.tobytes()).decode()}


def plain(value):
    """What a request carries, as a client takes it."""
    for form in ("text", "texts", "flag", "flags"):
        if form in value:
            return value[form]
    packed = numpy.frombuffer(base64.b64decode(value["bytes"]), "<" + value["dtype"])
    return packed if value["array"] else packed[0].item()


class ChannelAccess:
    def __init__(self):
        self.context = CaContext()
        self.pvs = {}

    def pv(self, name):
        if name not in self.pvs:
            (self.pvs[name],) = self.context.get_pvs(name, timeout=TIMEOUT)
            self.pvs[name].wait_for_connection(timeout=TIMEOUT)
        return self.pvs[name]

    def get(self, name):
        pv = self.pv(name)
        data = pv.read(data_count=0, timeout=TIMEOUT).data
        array = pv.channel.native_data_count > 1
        if not isinstance(data, numpy.ndarray):
            texts = [bytes(text).decode() for text in data]
            return {"texts": texts} if array else {"text": texts[0]}
        return numbers(data, data.dtype.str[1:], array)

    def put(self, name, value):
        if "text" in value:
            data = [value["text"].encode()]
        elif "texts" in value:
            data = [text.encode() for text in value["texts"]]
        else:
            data = numpy.atleast_1d(plain(value))
        self.pv(name).write(data, wait=True, timeout=TIMEOUT)


class PvAccess:
    def __init__(self):
        self.context = PvaContext("pva", nt=False)
        self.paths = {}

    def path(self, name):
        """Where a value is written: p4p takes an enum's index only by its own field."""
        if name not in self.paths:
            form = dict(self.context.get(name, timeout=TIMEOUT).type().items())["value"]
            self.paths[name] = "value" if isinstance(form, str) else "value.index"
        return self.paths[name]

    def get(self, name):
        whole = self.context.get(name, timeout=TIMEOUT)
        value, form = whole.value, dict(whole.type().items())["value"]
        if whole.getID().startswith("epics:nt/NTTable"):
            return {"columns": {key: self.told(value[key], code) for key, code in value.type().items()}}
        return numbers([value.index], "i4", False) if not isinstance(form, str) else self.told(value, form)

    @staticmethod
    def told(value, form):
        if form == "s":
            return {"text": value}
        if form == "as":
            return {"texts": list(value)}
        if form[-1] == "?":
            return {"flags": [bool(item) for item in value]} if form[0] == "a" else {"flag": bool(value)}
        return numbers(value, NUMPY[form[-1]], form[0] == "a")

    def put(self, name, value):
        if "columns" in value:
            data = {f"value.{key}": plain(column) for key, column in value["columns"].items()}
        elif "frame" in value:
            data = self.framed(name, **value["frame"])
        else:
            data = {self.path(name): plain(value)}
        self.context.put(name, data, timeout=TIMEOUT)

    def framed(self, name, pixels, shape):
        """A whole new frame: its data as the member of the union that has their type, its sizes with the columns first."""
        if name not in self.paths:
            self.paths[name] = self.context.get(name, timeout=TIMEOUT).type()
        data = plain(pixels)
        return Value(self.paths[name], {
            "value": (MEMBERS[pixels["dtype"]], data),
            "codec.name": "",
            "compressedSize": data.nbytes,
            "uncompressedSize": data.nbytes,
            "dimension": [
                {"size": size, "offset": 0, "fullSize": size, "binning": 1, "reverse": False} for size in reversed(shape)
            ],
            "timeStamp": {"secondsPastEpoch": 1700000000, "nanoseconds": 0},
        })


clients = {}


def client(protocol):
    if protocol not in clients:
        clients[protocol] = {"ca": ChannelAccess, "pva": PvAccess}[protocol]()
    return clients[protocol]


print("ready", flush=True)
for line in sys.stdin:
    request = json.loads(line)
    try:
        ask = getattr(client(request["protocol"]), request["ask"])
        answer = {"value": ask(*request["arguments"])}
    except Exception as error:
        answer = {"error": f"{request['ask']} {request['arguments'][0]}: {error!r}"}
    print(json.dumps(answer), flush=True)
