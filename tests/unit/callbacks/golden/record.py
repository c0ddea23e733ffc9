"""Records what bluesky's PeakStats makes of curves, for peak-stats.test.ts to compare with: python record.py > peaks.json"""

import json

import numpy as np
from bluesky.callbacks.fitting import PeakStats

x = np.linspace(-3, 5, 33)
CURVES = {
    "a gaussian": (x, 10 * np.exp(-((x - 1.3) ** 2)), None),
    "a gaussian scanned downwards": (x[::-1], 10 * np.exp(-((x[::-1] - 1.3) ** 2)), None),
    "a gaussian on a slope": (x, 10 * np.exp(-((x - 1.3) ** 2)) + 2 * x + 20, 4),
    "uneven points": (np.sort(np.sin(np.arange(20)) * 5), np.cos(np.arange(20)) + 2, None),
    "two peaks": (x, np.exp(-((x + 1) ** 2)) + 0.9 * np.exp(-((x - 3) ** 2)), None),
    "a dip": (x, 5 - 4 * np.exp(-((x - 1) ** 2)), None),
    "a step": (x, np.where(x < 0.1, 0.0, 1.0), None),
    "three crossings": (np.arange(6.0), np.array([0, 4, 1, 5, 5, 4.0]), None),
    "one point": (np.array([2.0]), np.array([7.0]), None),
}
NAMES = {"lin_bkg": "linBkg"}


def plain(value):
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, tuple):
        return [plain(each) for each in value]
    return value.tolist() if hasattr(value, "tolist") else value


record = {}
for name, (xs, ys, edge_count) in CURVES.items():
    peaks = PeakStats("x", "y", edge_count=edge_count)
    peaks("start", {})
    for each_x, each_y in zip(xs, ys):
        peaks("event", {"data": {"x": each_x, "y": each_y}})
    peaks("stop", {})
    stats = {NAMES.get(key, key): plain(value) for key, value in peaks.stats._asdict().items()}
    stats["crossings"] = stats["crossings"] or []
    record[name] = {"x": xs.tolist(), "y": ys.tolist(), "edgeCount": edge_count, "stats": stats}

lines = [f"{json.dumps(name)}: {json.dumps(each, separators=(',', ':'))}" for name, each in record.items()]
print("{\n" + ",\n".join(lines) + "\n}")
