"""pyepics: ophyd's Channel Access client, whose calls block."""

import time

import epics
from worker import Updates, serve, timed_calls

channels = {}
updates = None


def channel(pv):
    if pv not in channels:
        channels[pv] = epics.PV(pv, auto_monitor=False)
        assert channels[pv].wait_for_connection(5.0)
    return channels[pv]


def fresh(pv):
    assert channel(pv).get(use_monitor=False) is not None


def get(protocol, pv, n):
    return timed_calls(n, lambda: fresh(pv))


def cached(protocol, pv, n):
    monitored = epics.PV(pv, auto_monitor=True)
    assert monitored.wait_for_connection(5.0) and monitored.get() is not None
    return timed_calls(n, monitored.get)


def sequence(protocol, pvs, n):
    return timed_calls(n, lambda: [fresh(pv) for pv in pvs])


def bulk(protocol, pvs, n, form="value"):
    return timed_calls(n, lambda: epics.caget_many(pvs))


def put_get(protocol, pv, n):
    def write():
        channel(pv).put(2.5, wait=True)
        fresh(pv)

    return timed_calls(n, write)


def connect(protocol, pvs, n):
    start = time.perf_counter()
    fresh_channels = [epics.PV(pv, auto_monitor=False, form="ctrl") for pv in pvs]
    for each in fresh_channels:
        assert each.wait_for_connection(10.0)
        each.get_ctrlvars()
    return [time.perf_counter() - start]


def subscribe(protocol, pvs, n):
    global updates
    updates = Updates(pvs)
    for pv in pvs:
        monitored = epics.PV(pv, form="time", auto_monitor=epics.dbr.DBE_VALUE)
        monitored.add_callback(lambda pvname, timestamp, **_: updates.add(pvname, timestamp))
        channels[f"{pv}, monitored"] = monitored
    while not updates.ready:
        time.sleep(0.01)
    return []


def collect(protocol, n, delays):
    while not updates.ended(n):
        time.sleep(0.05)
    return updates.answer(delays)


serve(
    {
        "get": get,
        "cached": cached,
        "sequence": sequence,
        "bulk": bulk,
        "put_get": put_get,
        "connect": connect,
        "subscribe": subscribe,
        "collect": collect,
    }
)
