"""What independent EPICS clients, and h5py, see of the mini-beamline's camera, monochromator and structures.

Run as `python camera.py SCENARIO DIRECTORY`; prints one JSON object with what was observed, for a test to judge.
"""

import asyncio
import json
import sys
import time

import h5py
import numpy as np
from aioca import caget, camonitor, caput, purge_channel_caches
from p4p.client.thread import Context

TIMEOUT = 20
CAM, FILE = "mini:dot:cam1:", "mini:dot:HDF1:"


async def get(name, **options):
    return await caget(name, timeout=TIMEOUT, **options)


async def put(name, value, wait=True):
    await caput(name, value, wait=wait, timeout=TIMEOUT)


async def put_text(name, text):
    await put(name, np.frombuffer(text.encode() + b"\0", dtype="i1"))


async def get_text(name):
    return bytes(np.atleast_1d(await get(name)).astype("u1")).split(b"\0")[0].decode()


async def images(directory):
    """Three images into a file, and the last of them by every way there is."""
    await put(f"{FILE}CreateDirectory", -1)
    await put_text(f"{FILE}FilePath", f"{directory}/new/")
    exists = int(await get(f"{FILE}FilePathExists_RBV"))
    await put_text(f"{FILE}FileName", "dot")
    await put(f"{FILE}NumCapture", 3)
    await put(f"{FILE}EnableCallbacks", "Enable")
    captured = asyncio.create_task(put(f"{FILE}Capture", 1))
    await put(f"{CAM}ImageMode", "Multiple")
    await put(f"{CAM}NumImages", 3)
    await put(f"{CAM}AcquireTime", 0.02)
    await put(f"{CAM}AcquirePeriod", 0.04)
    states = []
    watch = camonitor(f"{CAM}DetectorState_RBV", lambda value: states.append(str(value)), datatype=str, all_updates=True)
    await put("mini:dot:mtrx", 100)
    start = time.monotonic()
    await put(f"{CAM}Acquire", 1)
    seconds = time.monotonic() - start
    await captured
    path = await get_text(f"{FILE}FullFileName_RBV")
    with h5py.File(path) as file:
        stored = file["/entry/data/data"][:]
    flat = await get("mini:dot:image1:ArrayData")
    with Context("pva") as context:
        image = context.get("mini:dot:Pva1:Image", timeout=TIMEOUT)
    last = stored[-1]
    counters = [int(await get(name)) for name in (f"{FILE}NumCaptured_RBV", f"{CAM}NumImagesCounter_RBV", f"{FILE}Capture_RBV")]
    watch.close()
    return {
        "exists": exists,
        "seconds": seconds,
        "path": path,
        "shape": stored.shape,
        "dtype": stored.dtype.str,
        "differ": len({image.tobytes() for image in stored}),
        "sameOverCa": bool(np.array_equal(last.ravel(), flat)),
        "sameOverPva": bool(np.array_equal(last, image)),
        "pvaType": image.dtype.str,
        "counters": counters,
        "states": states,
        "total": float(await get("mini:dot:Stats1:Total_RBV")) - float(last.sum()),
        "brightestColumn": int(last.sum(axis=0).argmax()),
    }


async def faults(directory):
    """A path that is not there, a camera that hangs, a plugin that drops images and one that can't write."""
    await put_text(f"{FILE}FilePath", f"{directory}/a/b/c/")
    missing = int(await get(f"{FILE}FilePathExists_RBV"))
    await put_text(f"{FILE}FilePath", directory)
    await put_text(f"{FILE}FileTemplate", "%s/%s.h5")
    await put_text(f"{FILE}FileName", "faulty")
    await put(f"{FILE}EnableCallbacks", 1)
    await put(f"{FILE}NumCapture", 0)
    await put(f"{CAM}ImageMode", "Single")
    await put(f"{CAM}AcquireTime", 0.01)
    await put(f"{CAM}Fault", "Hang")
    hanging = asyncio.create_task(put(f"{CAM}Acquire", 1))
    finished, _ = await asyncio.wait([hanging], timeout=0.5)
    # Without completion: that would wait for the one that is pending.
    await put(f"{CAM}Acquire", 0, wait=False)
    await hanging
    aborted = await get(f"{CAM}DetectorState_RBV", datatype=str)
    await put(f"{CAM}Fault", "None")
    await put(f"{CAM}ImageMode", "Multiple")
    await put(f"{CAM}NumImages", 4)
    await put(f"{CAM}AcquirePeriod", 0.01)
    await put(f"{FILE}Fault", "Drop")
    await put(f"{FILE}Capture", 1, wait=False)
    await put(f"{CAM}Acquire", 1)
    dropped = [int(await get(f"{FILE}{name}")) for name in ("DroppedArrays_RBV", "NumCaptured_RBV")]
    await put(f"{FILE}Fault", "Write error")
    await put(f"{CAM}Acquire", 1)
    status = await get(f"{FILE}WriteStatus", datatype=str)
    await put(f"{FILE}Capture", 0, wait=False)
    await put(f"{FILE}Fault", "None")
    return {
        "missing": missing,
        "hung": not finished,
        "aborted": str(aborted),
        "dropped": dropped,
        "status": str(status),
        "message": await get_text(f"{FILE}WriteMessage"),
    }


async def monochromator(_directory):
    """Nothing moves in manual mode before it is told to; a new energy moves all three motors in automatic mode."""
    for motor in ("theta", "y", "z"):
        await put(f"mini:dcm:{motor}.VELO", 100)
    await put("mini:BraggEAO", 12)
    asked = [float(await get(f"mini:Bragg{name}AO")) for name in ("E", "Lambda", "Theta")]
    stood = float(await get("mini:dcm:theta.RBV"))
    seen = {"asked": asked, "stood": stood}
    for name, start in {"manual": ("mini:KohzuPutBO", 1), "auto": ("mini:BraggEAO", 8)}.items():
        moving = []
        ended = asyncio.Event()

        def note(value):
            moving.append(int(value))
            if moving[-2:] == [1, 0]:
                ended.set()

        watch = camonitor("mini:KohzuMoving", note, all_updates=True)
        await put("mini:KohzuModeBO", "Auto" if name == "auto" else "Manual")
        await put(*start)
        await asyncio.wait_for(ended.wait(), TIMEOUT)
        watch.close()
        seen[name] = [float(await get(f"mini:Bragg{what}RdbkAO")) for what in ("E", "Lambda", "Theta")]
        seen[f"{name}Motors"] = [float(await get(f"mini:dcm:{motor}.RBV")) for motor in ("y", "z")]
    return seen


async def table(_directory):
    with Context("pva", nt=False) as context:
        value = context.get("mini:motors", timeout=TIMEOUT)
        columns = {name: np.asarray(value.value[name]).tolist() for name in value.value}
        return {"id": value.getID(), "labels": list(value.labels), "columns": columns}


async def silence(_directory):
    """An IOC that stops answering for a second, with its circuits open."""
    await get("mini:current")
    with Context("pva") as context:
        context.get("mini:current", timeout=TIMEOUT)
        await put("mini:Silence", 1, wait=False)
        await asyncio.sleep(0.2)
        start = time.monotonic()
        over_ca = asyncio.create_task(get("mini:current"))
        await asyncio.to_thread(context.get, "mini:current", timeout=TIMEOUT)
        pva_seconds = time.monotonic() - start
        await over_ca
        return {"pva": pva_seconds, "ca": time.monotonic() - start}


async def main():
    scenario = {function.__name__: function for function in (images, faults, monochromator, table, silence)}[sys.argv[1]]
    print(json.dumps(await scenario(sys.argv[2])))
    purge_channel_caches()


asyncio.run(main())
