"""caproto's own fake motor records, `sim:mtr1` to `sim:mtr3`; the process ends when its standard input is closed."""

import os
import sys
import threading

from caproto.ioc_examples.fake_motor_record import FakeMotorIOC
from caproto.server import run


def end_with_parent():
    sys.stdin.read()
    os._exit(0)


async def ready(async_lib):
    print("ready", flush=True)


threading.Thread(target=end_with_parent, daemon=True).start()
run(FakeMotorIOC(prefix="sim:").pvdb, interfaces=["127.0.0.1"], startup_hook=ready)
