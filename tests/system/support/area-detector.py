"""A camera `ad:cam1:` with the plugins `ad:HDF1:`, `ad:TIFF1:` and `ad:JPEG1:` of areaDetector, which write real files; for one that is not ours.

Each put is told as a line `put PV`. The process ends when its standard input is closed.
"""

import asyncio
import os
import sys
import threading
from xml.etree import ElementTree

import h5py
import numpy as np
import tifffile
from caproto import ChannelEnum, ChannelType
from caproto.server import PVGroup, pvproperty, run
from PIL import Image

WIDTH, HEIGHT = 40, 30
ATTRIBUTE_TYPES = {
    "DBR_SHORT": "<i2", "DBR_ENUM": "<i2", "DBR_INT": "<i4", "DBR_LONG": "<i4", "DBR_FLOAT": "<f4", "DBR_DOUBLE": "<f8",
    "DBR_STRING": "S256", "DBR_CHAR": "i1", "INT": "<i4", "INT64": "<i8", "DOUBLE": "<f8", "STRING": "S256",
}  # fmt: skip
YES = ("No", "Yes")
CAM = {
    "AcquireTime": 0.01,
    "AcquirePeriod": 0.01,
    "NumImages": 1,
    "ImageMode": ("Single", "Multiple", "Continuous"),
    "TriggerMode": ("Internal", "External"),
    "ArrayCounter": 0,
    "ArrayCallbacks": YES,
    "Acquire": ("Done", "Acquire"),
    "ColorMode": ("Mono", "Bayer", "RGB1"),
    "DataType": ("UInt16", "UInt8"),
}
FILE = {
    "NDArrayPort": "CAM",
    "EnableCallbacks": ("Disable", "Enable"),
    "DroppedArrays": 0,
    "ArrayCounter": 0,
    "FilePath": b"",
    "FileName": b"",
    "FileTemplate": b"",
    "CreateDirectory": 0,
    "AutoIncrement": YES,
    "FileNumber": 0,
    "FileWriteMode": ("Single", "Capture", "Stream"),
    "NumCapture": 1,
    "Capture": ("Done", "Capture"),
}
HDF = {
    "NumFramesChunks": 0,
    "ChunkSizeAuto": YES,
    "NumExtraDims": 0,
    "LazyOpen": YES,
    "SWMRMode": ("Off", "On"),
    "XMLFileName": b"",
}


def record(name, value, **options):
    """A PV by its first value: a choice, a long text, a number."""
    if isinstance(value, tuple):
        options.update(dtype=ChannelType.ENUM, enum_strings=value, value=value[0])
    elif isinstance(value, bytes):
        options.update(dtype=bytes, value=value or b"\0", max_length=1024)
    else:
        options.update(value=value)
    return pvproperty(name=name, **options)


def group(settings, readings, on_put):
    """A class of records: settings `X` with their `X_RBV`, which follow them, and what is only read or has no readback."""
    body = {}
    for name, value in settings.items():

        async def put(self, instance, value, name=name):
            print(f"put {instance.pvname}", flush=True)
            if isinstance(instance, ChannelEnum) and not isinstance(value, str):
                value = instance.enum_strings[int(value)]
            value = await on_put(self, name, value) or value
            await getattr(self, f"{name}_RBV").write(value)
            return value

        body[name] = record(name, value, put=put)
        body[f"{name}_RBV"] = record(f"{name}_RBV", value)
    body.update({name: record(name, value) for name, value in readings.items()})
    return type("Records", (PVGroup,), body)


def text(value):
    """A long text, as a client put it."""
    return bytes(value).split(b"\0")[0].decode()


class Plugin:
    """What a file plugin does with frames; `write` is one of the writers below."""

    def __init__(self, kind, extra=None, readings=None):
        self.kind = kind
        base = {
            "PortName_RBV": kind.upper(),
            "FullFileName_RBV": b"",
            "FilePathExists_RBV": YES,
            "NumCaptured_RBV": 0,
            "WriteStatus": ("Write OK", "Write error"),
            "WriteMessage": b"",
            "Fault": ("None", "Drop", "Write error", "Lose"),
        }
        self.records = group({**FILE, **(extra or {})}, {**base, **(readings or {})}, self.on_put)
        self.file = None

    async def on_put(self, records, name, value):
        if name == "FilePath":
            path = text(value)
            if records.CreateDirectory.value < 0:
                os.makedirs(path, exist_ok=True)
            await records.FilePathExists_RBV.write("Yes" if os.path.isdir(path) else "No")
        if name == "Capture":
            self.close()
            if value == "Capture":
                await records.NumCaptured_RBV.write(0)
                await records.WriteStatus.write("Write OK")
                await records.WriteMessage.write(b"\0")

    def close(self):
        if self.file is not None:
            self.file.close()
            self.file = None

    async def take(self, frame, attributes):
        records = self.group
        if records.Capture.value != "Capture" or records.EnableCallbacks.value != "Enable":
            return
        fault, captured = records.Fault.value, records.NumCaptured_RBV.value
        if fault == "Drop":
            await records.DroppedArrays_RBV.write(records.DroppedArrays_RBV.value + 1)
        if fault in ("Drop", "Lose"):
            return
        try:
            if fault == "Write error":
                raise OSError("no space left on the disk")
            path = text(records.FileTemplate.value) % self.path_parts(records)
            await records.FullFileName_RBV.write(path.encode())
            self.write(path, frame, attributes)
            if records.AutoIncrement.value == "Yes":
                number = records.FileNumber.value + 1
                await records.FileNumber.write(number, verify_value=False)
                await records.FileNumber_RBV.write(number)
        except OSError as error:
            await records.WriteStatus.write("Write error")
            await records.WriteMessage.write(str(error).encode())
            return
        await records.NumCaptured_RBV.write(captured + 1)

    def path_parts(self, records):
        return text(records.FilePath.value), text(records.FileName.value), records.FileNumber.value


class Tiff(Plugin):
    def write(self, path, frame, _attributes):
        tifffile.imwrite(path, frame)


class Jpeg(Plugin):
    def write(self, path, frame, _attributes):
        Image.fromarray(frame).save(path, quality=95)


class Hdf5(Plugin):
    def path_parts(self, records):
        return text(records.FilePath.value), text(records.FileName.value)

    def write(self, path, frame, attributes):
        if self.file is None:
            self.file = h5py.File(path, "w", libver="latest")
            where, chunks = "/entry/data/data", (self.group.NumFramesChunks.value, *frame.shape)
            self.file.create_dataset(
                where, (0, *frame.shape), frame.dtype, maxshape=(None, *frame.shape), chunks=chunks
            )
            for name, (dtype, _) in attributes.items():
                where = f"/entry/instrument/NDAttributes/{name}"
                self.file.create_dataset(where, (0,), dtype, maxshape=(None,), chunks=(16384,))
            self.file.swmr_mode = True
        values = {"/entry/data/data": frame}
        values.update({f"/entry/instrument/NDAttributes/{name}": value for name, (_, value) in attributes.items()})
        for where, value in values.items():
            dataset = self.file[where]
            dataset.resize(len(dataset) + 1, 0)
            dataset[-1] = value
        self.file.flush()


class Camera:
    def __init__(self, plugins):
        readings = {
            "PortName_RBV": "CAM",
            "DetectorState_RBV": ("Idle", "Acquire", "Aborted"),
            "ArraySizeX_RBV": WIDTH,
            "ArraySizeY_RBV": HEIGHT,
            "ArraySizeZ_RBV": 0,
            "WaitForPlugins": YES,
            "NDAttributesFile": b"",
            "Temperature": 20.5,
            "Filter": "in",
            "Seen": 0,
        }
        self.records = group(CAM, readings, self.on_put)
        self.plugins = plugins
        self.frame = self.left = 0

    async def on_put(self, cam, name, value):
        if name == "ColorMode":
            sizes = (3, WIDTH, HEIGHT) if value == "RGB1" else (WIDTH, HEIGHT, 0)
            for axis, size in zip("XYZ", sizes):
                await getattr(cam, f"ArraySize{axis}_RBV").write(size)
        if name == "Acquire" and value == "Acquire":
            await self.acquire(cam)
            return "Done"
        if name == "Acquire":
            self.left = 0

    async def acquire(self, cam):
        await cam.Acquire_RBV.write("Acquire")
        await cam.DetectorState_RBV.write("Acquire")
        self.left = cam.NumImages.value if cam.ImageMode.value == "Multiple" else 1
        while self.left > 0:
            await asyncio.sleep(cam.AcquireTime.value)
            frame, attributes = self.expose(cam), self.attributes(cam)
            await cam.Seen.write(self.frame)
            for plugin in self.plugins:
                await plugin.take(frame, attributes)
            self.left -= cam.ImageMode.value != "Continuous"
        await cam.DetectorState_RBV.write("Idle")

    def expose(self, cam):
        self.frame += 1
        dtype = np.dtype(cam.DataType.value.lower())
        rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH]
        grey = ((rows + columns) // 2 + self.frame).astype(dtype)
        return np.stack([grey, grey + 1, grey + 2]).astype(dtype) if cam.ColorMode.value == "RGB1" else grey

    def attributes(self, cam):
        """What the driver's list of attributes asks for, at this frame: its type and its value."""
        listed = text(cam.NDAttributesFile.value)
        values = {"ad:cam1:Temperature": 20.5 + self.frame, "ad:cam1:Filter": f"slot {self.frame}".encode()}
        found = {}
        for one in ElementTree.fromstring(listed) if "<Attributes>" in listed else ():
            dtype = ATTRIBUTE_TYPES[one.get("dbrtype") or one.get("datatype")]
            found[one.get("name")] = (dtype, self.frame if one.get("type") == "PARAM" else values[one.get("source")])
        return found


def end_with_parent():
    sys.stdin.read()
    os._exit(0)


threading.Thread(target=end_with_parent, daemon=True).start()
plugins = {"HDF1:": Hdf5("hdf", HDF, {"FlushNow": ("Done", "Flush")}), "TIFF1:": Tiff("tiff"), "JPEG1:": Jpeg("jpeg")}
camera = Camera(list(plugins.values()))
pvdb = {}
for suffix, part in {"cam1:": camera, **plugins}.items():
    part.group = part.records(prefix=f"ad:{suffix}")
    pvdb.update(part.group.pvdb)


async def ready(_async_lib):
    print("ready", flush=True)


run(pvdb, interfaces=["127.0.0.1"], startup_hook=ready)
