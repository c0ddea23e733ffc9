"""How ophyd-async fills a device from the PVI structure of a prefix: prints its signals and commands, by the way to each, with their PVs."""

import asyncio
import json
import sys

from ophyd_async.core import Device
from ophyd_async.epics.core import PviDeviceConnector


def walk(device, path=()):
    for key, child in device.children():
        backend = getattr(getattr(child, "_connector", None), "backend", None)
        if backend is None:
            yield from walk(child, (*path, str(key)))
        else:
            yield ".".join((*path, str(key))), [type(child).__name__, backend.write_pv]


async def main(prefix):
    device = Device(name="peer", connector=PviDeviceConnector(prefix))
    await device.connect(timeout=20)
    print(json.dumps(dict(walk(device))))


asyncio.run(main(sys.argv[1]))
