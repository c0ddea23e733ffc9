"""What independent EPICS clients see of the mini-beamline: aioca (C libca) and p4p (C++ PVXS/pvAccess).

Run as `python mini-beamline.py SCENARIO`; prints one JSON object with what was observed, for a test to judge.
"""

import asyncio
import json
import sys
import time

import numpy as np
from aioca import FORMAT_CTRL, FORMAT_TIME, caget, camonitor, caput, purge_channel_caches
from p4p.client.thread import Context

TIMEOUT = 20


async def ca_get(name, **options):
    return await caget(name, timeout=TIMEOUT, **options)


async def ca_put(name, value, **options):
    """A put that waits for its completion."""
    await caput(name, value, wait=True, timeout=TIMEOUT, **options)


def pva():
    return Context("pva", nt=False)


def pva_put(name, value):
    """A put that waits for its completion."""
    with Context("pva") as context:
        context.put(name, value, process="passive", wait=True, timeout=TIMEOUT, get=False)


async def names():
    """Every record that the documentation names, with its value over both protocols."""
    wanted = json.load(sys.stdin)
    over_ca = await caget(wanted, timeout=TIMEOUT, throw=False)
    context = pva()
    over_pva = context.get(wanted, timeout=TIMEOUT, throw=False)
    return {
        "missingOverCa": [name for name, value in zip(wanted, over_ca) if not value.ok],
        "missingOverPva": [name for name, value in zip(wanted, over_pva) if isinstance(value, Exception)],
    }


async def metadata():
    ctrl = await ca_get("mini:ph:mtr", format=FORMAT_CTRL)
    stamped = await ca_get("mini:current", format=FORMAT_TIME)
    motor = pva().get("mini:ph:mtr", timeout=TIMEOUT)
    return {
        "ca": {
            "units": ctrl.units,
            "precision": ctrl.precision,
            "limits": [ctrl.lower_ctrl_limit, ctrl.upper_ctrl_limit],
            "severity": stamped.severity,
            "age": abs(time.time() - stamped.timestamp),
        },
        "pva": {
            "id": motor.getID(),
            "units": motor.display.units,
            "precision": motor.display.precision,
            "limits": [motor.control.limitLow, motor.control.limitHigh],
        },
    }


async def move(protocol):
    """A move with put-completion; DMOV, MOVN and RBV watched over Channel Access by a monitor."""
    done, readbacks = [], []
    watches = [
        camonitor("mini:ph:mtr.DMOV", lambda value: done.append(int(value)), all_updates=True),
        camonitor("mini:ph:mtr.RBV", lambda value: readbacks.append(float(value)), all_updates=True),
    ]
    while not (done and readbacks):
        await asyncio.sleep(0.01)
    done.clear()
    readbacks.clear()
    start = time.monotonic()
    if protocol == "ca":
        await ca_put("mini:ph:mtr", 3.0)
    else:
        await asyncio.to_thread(pva_put, "mini:ph:mtr", 3.0)
    seconds = time.monotonic() - start
    at_completion = [float(v) for v in await ca_get(["mini:ph:mtr.RBV", "mini:ph:mtr.DMOV", "mini:ph:mtr.MOVN"])]
    value = float(await ca_get("mini:ph:DetValue_RBV"))
    current = float(await ca_get("mini:current"))
    await asyncio.sleep(0.1)
    for watch in watches:
        watch.close()
    await ca_put("mini:ph:mtr", 0.0)
    return {
        "seconds": seconds,
        "done": done,
        "readbacks": readbacks,
        "atCompletion": at_completion,
        "detector": value,
        "current": current,
    }


async def sweep():
    """How long the default velocity takes for 10 mm, and a tenfold one."""
    async def timed(target):
        start = time.monotonic()
        await ca_put("mini:edge:mtr", target)
        return time.monotonic() - start

    default = await timed(10.0)
    await ca_put("mini:edge:mtr.VELO", 50.0)
    fast = await timed(0.0)
    await ca_put("mini:edge:mtr.VELO", 5.0)
    return {"default": default, "fast": fast}


async def stop():
    await ca_put("mini:slit:mtr.VELO", 5.0)
    moving = asyncio.create_task(caput("mini:slit:mtr", 50.0, wait=True, timeout=TIMEOUT))
    await asyncio.sleep(0.6)
    under_way = float(await ca_get("mini:slit:mtr.RBV"))
    movn = int(await ca_get("mini:slit:mtr.MOVN"))
    start = time.monotonic()
    await caput("mini:slit:mtr.STOP", 1)
    await moving
    seconds = time.monotonic() - start
    fields = ["RBV", "DMOV", "MOVN"]
    rbv, dmov, movn_after = [float(v) for v in await ca_get([f"mini:slit:mtr.{field}" for field in fields])]
    await asyncio.sleep(0.3)
    later = float(await ca_get("mini:slit:mtr.RBV"))
    await ca_put("mini:slit:mtr.VELO", 100.0)
    await ca_put("mini:slit:mtr", 0.0)
    await ca_put("mini:slit:mtr.VELO", 5.0)
    return {
        "underWay": under_way,
        "movingUnderWay": movn,
        "seconds": seconds,
        "stoppedAt": rbv,
        "done": dmov,
        "moving": movn_after,
        "later": later,
    }


async def limits():
    """A soft limit that refuses a move, and a limit switch that ends one."""
    await caput("mini:slit:mtr", 150.0, wait=True, timeout=TIMEOUT, throw=False)
    refused = [float(v) for v in await ca_get(["mini:slit:mtr.LVIO", "mini:slit:mtr.RBV"])]
    await ca_put("mini:slit:mtr", 0.5)
    allowed = [float(v) for v in await ca_get(["mini:slit:mtr.LVIO", "mini:slit:mtr.RBV"])]
    await ca_put("mini:slit:mtr.DHLM", 200.0)
    await ca_put("mini:slit:mtr.VELO", 100.0)
    await ca_put("mini:slit:mtr", 150.0)
    switch = [float(v) for v in await ca_get(["mini:slit:mtr.HLS", "mini:slit:mtr.RBV", "mini:slit:mtr.DMOV"])]
    await ca_put("mini:slit:mtr", 0.0)
    back = [float(v) for v in await ca_get(["mini:slit:mtr.HLS", "mini:slit:mtr.RBV"])]
    await ca_put("mini:slit:mtr.VELO", 5.0)
    await ca_put("mini:slit:mtr.DHLM", 100.0)
    return {"refused": refused, "allowed": allowed, "switch": switch, "back": back}


async def detectors():
    """Each detector at a position where its formula gives a known part of the open beam."""
    context = pva()
    seen = {}
    for name, position in {"ph": 5.0, "edge": 5.0, "slit": 0.0}.items():
        await ca_put(f"mini:{name}:mtr", position)
        value, current = await ca_get([f"mini:{name}:DetValue_RBV", f"mini:{name}:BeamCurrent"])
        seen[name] = {"part": float(value) / (200 * float(current)), "pva": float(context.get(f"mini:{name}:DetValue_RBV").value)}
    await ca_put("mini:ph:ExposureTime", 0.25)
    await ca_put("mini:ph:DetCenter", 5.0)
    value, current, exposure, center = await ca_get(
        ["mini:ph:DetValue_RBV", "mini:ph:BeamCurrent", "mini:ph:ExposureTime_RBV", "mini:ph:DetCenter_RBV"]
    )
    seen["changed"] = {"part": float(value) / (200 * float(current)), "exposure": float(exposure), "center": float(center)}
    await ca_put("mini:ph:ExposureTime", 1.0)
    await ca_put("mini:ph:DetCenter", 0.0)
    for name in ("ph", "edge", "slit"):
        await ca_put(f"mini:{name}:mtr", 0.0)
    return seen


CHANNELS = [f"mini:fly:Ch{index:02d}" for index in range(1, 49)]
WAVEFORMS = ["mini:fly:Position", "mini:fly:I0", *CHANNELS]


async def fly(protocol):
    """A fly scan: the motor sweeps while the scaler acquires."""
    points, dwell = 2000, 0.001
    await ca_put("mini:ph:mtr.VELO", 100.0)
    await ca_put("mini:ph:mtr", -6.0)
    await ca_put("mini:ph:mtr.VELO", 6.0)
    await ca_put("mini:fly:NumPoints", points)
    await ca_put("mini:fly:Dwell", dwell)
    progress = []
    watch = camonitor("mini:fly:CurrentPoint", lambda value: progress.append(int(value)), all_updates=True)
    await asyncio.sleep(0.2)
    progress.clear()
    context = pva()
    sweep = asyncio.create_task(caput("mini:ph:mtr", 6.0, wait=True, timeout=TIMEOUT))
    begun = time.time()
    start = time.monotonic()
    if protocol == "ca":
        acquisition = asyncio.create_task(caput("mini:fly:Acquire", 1, wait=True, timeout=TIMEOUT))
    else:
        acquisition = asyncio.create_task(asyncio.to_thread(pva_put, "mini:fly:Acquire", 1))
    await asyncio.sleep(0.5)
    acquiring = [int(v) for v in await ca_get(["mini:fly:Acquire", "mini:fly:Acquiring"])]
    await acquisition
    seconds = time.monotonic() - start
    if protocol == "ca":
        columns = [np.asarray(column) for column in await ca_get(WAVEFORMS)]
    else:
        columns = [np.asarray(value.value) for value in context.get(WAVEFORMS, timeout=TIMEOUT)]
    after = [int(v) for v in await ca_get(["mini:fly:Acquire", "mini:fly:Acquiring", "mini:fly:CurrentPoint"])]
    time_column = np.asarray(await ca_get("mini:fly:Time"))
    started, tau = [float(v) for v in await ca_get(["mini:fly:StartTime", "mini:fly:DeadTime_RBV"])]
    await sweep
    await asyncio.sleep(0.1)
    watch.close()
    position, monitor, channels = columns[0], columns[1], columns[2:]
    corrected = [counts / dwell / (1 - counts / dwell * tau) for counts in channels]
    centers = [float(np.sum(position * rate) / np.sum(rate)) for rate in corrected]
    peaks = [float(np.sort(rate)[-50:].mean()) for rate in corrected]
    return {
        "seconds": seconds,
        "acquiring": acquiring,
        "after": after,
        "lengths": sorted({len(column) for column in columns}),
        "progress": progress,
        "timesIncrease": bool(np.all(np.diff(time_column) > 0)) and len(time_column) == points,
        "startedLate": started - begun,
        "positions": [float(position[0]), float(position[1000]), float(position[-1])],
        "positionStepsBack": int(np.sum(np.diff(position) < -0.0005)),
        "monitor": float(monitor.mean() / dwell),
        "highest": float(max(np.sort(counts)[-50:].mean() / dwell for counts in channels)),
        "peaks": [min(peaks), max(peaks)],
        "centersIncrease": float(np.mean(np.diff(centers) > 0)),
        "digest": [float(np.sum(counts * np.arange(len(counts)))) for counts in channels],
        "deadTime": tau,
    }


async def fly_stop():
    """A stopped acquisition: its put completes, and the waveforms have the points that there are."""
    await ca_put("mini:fly:NumPoints", 10000)
    start = time.monotonic()
    acquisition = asyncio.create_task(caput("mini:fly:Acquire", 1, wait=True, timeout=TIMEOUT))
    await asyncio.sleep(0.7)
    await caput("mini:fly:Stop", 1)
    await acquisition
    seconds = time.monotonic() - start
    columns = await ca_get(WAVEFORMS)
    points = int(await ca_get("mini:fly:CurrentPoint"))
    return {"seconds": seconds, "lengths": sorted({len(column) for column in columns}), "points": points}


async def fly_most():
    """The longest acquisition that the waveforms hold, and one point more asked for."""
    await ca_put("mini:fly:NumPoints", 10001)
    await ca_put("mini:fly:Dwell", 0.00005)
    await ca_put("mini:fly:Acquire", 1)
    columns = await ca_get(WAVEFORMS)
    points = int(await ca_get("mini:fly:NumPoints_RBV"))
    await ca_put("mini:fly:Dwell", 0.001)
    await ca_put("mini:fly:NumPoints", 2000)
    return {"points": points, "lengths": sorted({len(column) for column in columns})}


async def fly_motor():
    """The position waveform follows the motor that is named, in its user coordinates."""
    choices = (await ca_get("mini:fly:Motor", format=FORMAT_CTRL)).enums
    await ca_put("mini:fly:Motor", "mini:dcm:theta")
    await ca_put("mini:dcm:theta.VELO", 100.0)
    await ca_put("mini:dcm:theta", 12.0)
    await ca_put("mini:dcm:theta.OFF", 1.5)
    await ca_put("mini:fly:NumPoints", 5)
    await ca_put("mini:fly:Acquire", 1)
    position = [float(v) for v in await ca_get("mini:fly:Position")]
    units = (await ca_get("mini:fly:Position", format=FORMAT_CTRL)).units
    readback = float(await ca_get("mini:dcm:theta.RBV"))
    await ca_put("mini:dcm:theta.OFF", 0.0)
    await ca_put("mini:dcm:theta", 0.0)
    await ca_put("mini:dcm:theta.VELO", 5.0)
    await ca_put("mini:fly:Motor", "mini:ph:mtr")
    await ca_put("mini:fly:NumPoints", 2000)
    return {"choices": list(choices), "position": position, "readback": readback, "units": units}


async def current():
    values = []
    watch = camonitor("mini:current", lambda value: values.append(float(value)), all_updates=True)
    await asyncio.sleep(4.2)
    watch.close()
    return {"updates": len(values), "lowest": min(values), "highest": max(values)}


SCENARIOS = {
    "names": names,
    "metadata": metadata,
    "move-ca": lambda: move("ca"),
    "move-pva": lambda: move("pva"),
    "sweep": sweep,
    "stop": stop,
    "limits": limits,
    "detectors": detectors,
    "fly-ca": lambda: fly("ca"),
    "fly-pva": lambda: fly("pva"),
    "fly-stop": fly_stop,
    "fly-most": fly_most,
    "fly-motor": fly_motor,
    "current": current,
}


async def main():
    observed = await SCENARIOS[sys.argv[1]]()
    print(json.dumps(observed))
    purge_channel_caches()


if __name__ == "__main__":
    asyncio.run(main())
