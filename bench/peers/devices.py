"""Devices of ophyd-async, whatever their signals stand on."""

import time

from ophyd_async.core import Device


async def connect_device(signals):
    """The duration in seconds of connecting a device of these signals."""
    device = Device("device")
    for index, signal in enumerate(signals):
        setattr(device, f"signal{index}", signal)
    start = time.perf_counter()
    await device.connect(timeout=20)
    return [time.perf_counter() - start]
