"""Reads one PV with caproto's own client: a line on standard input asks, a line on standard output answers."""

import sys

from caproto.threading.client import Context

(pv,) = Context().get_pvs(sys.argv[1])
pv.wait_for_connection(timeout=20)
print("ready", flush=True)
for _ in sys.stdin:
    print(pv.read().data[0], flush=True)
