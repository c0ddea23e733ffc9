"""
bluesky's Proxy and a RemoteDispatcher behind it. Tells in lines of JSON the port to publish to and each document; with "shown", also what
BestEffortCallback makes of them: each row of the live table when it is printed, and after each run the peaks.
The process ends when its standard input is closed.
"""

import json
import os
import sys
import threading

import msgpack
from bluesky.callbacks.zmq import Proxy, RemoteDispatcher

form, prefix, proxy_port, shown = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4] == "shown"
report = sys.stdout


def tell(**what):
    report.write(json.dumps(what) + "\n")
    report.flush()


class Table:
    """Takes what the callback prints, and passes the rows on."""

    def write(self, text):
        for line in text.splitlines():
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            if line.startswith("|") and cells[0].isdigit():
                tell(row=cells)

    def flush(self):
        pass


def end_with_parent():
    sys.stdin.read()
    os._exit(0)


threading.Thread(target=end_with_parent, daemon=True).start()
proxy = Proxy(in_address=("127.0.0.1", proxy_port) if proxy_port else "127.0.0.1", out_address="127.0.0.1")
threading.Thread(target=proxy.start, daemon=True).start()

load = json.loads if form == "json" else msgpack.loads
out = proxy.out_port.decode() if isinstance(proxy.out_port, bytes) else proxy.out_port
dispatcher = RemoteDispatcher(out, prefix=prefix.encode(), deserializer=load, strict=True)
dispatcher.subscribe(lambda name, doc: tell(document=name, doc=doc))
sys.stdout = Table()


def show():
    import matplotlib

    matplotlib.use("Agg")
    from bluesky.callbacks.best_effort import BestEffortCallback

    callback = BestEffortCallback()
    told = ("com", "cen", "max", "min", "fwhm")

    def peaks(name, doc):
        if name == "stop":
            tell(run=doc["run_start"], peaks={what: dict(getattr(callback.peaks, what)) for what in told})

    dispatcher.subscribe(callback)
    dispatcher.subscribe(peaks)


if shown:
    show()


def ready():
    tell(publish_to=proxy.in_port.decode() if isinstance(proxy.in_port, bytes) else proxy.in_port)


dispatcher.loop.call_soon(ready)
dispatcher.start()
