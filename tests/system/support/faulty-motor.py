"""A motor record `t:m` on an axis that misbehaves when `t:fault` says so; the process ends when its standard input is closed."""

import os
import sys
import threading

from caproto import ChannelType
from caproto.server import PVGroup, pvproperty, run

TICK = 0.01


class FaultyMotor(PVGroup):
    m = pvproperty(value=0.0, record="motor", precision=3)
    fault = pvproperty(value="none", dtype=ChannelType.STRING)

    @m.startup
    async def m(self, instance, async_lib):
        fields = instance.field_inst
        fields.value_write_hook = self.on_value
        self.asked = False
        for field, value in (
            (fields.velocity, 20.0),
            (fields.seconds_to_velocity, 0.02),
            (fields.motor_step_size, 0.001),
            (fields.retry_deadband, 0.01),
            (fields.user_low_limit, -1000.0),
            (fields.user_high_limit, 1000.0),
            (fields.dial_low_limit, -1000.0),
            (fields.dial_high_limit, 1000.0),
            (fields.done_moving_to_value, 1),
            (fields.stop_pause_move_go, "Go"),
            (fields.set_use_switch, "Use"),
        ):
            await field.write(value)
        print("ready", flush=True)
        while True:
            for command in (fields.home_forward, fields.home_reverse):
                if command.value != 0:
                    await command.write(0)
                    await instance.write(0.0)
                    self.asked = True
            if self.asked:
                await self.move(instance, fields, async_lib)
            if fields.stop.value != 0:
                await fields.stop.write(0)
            await async_lib.library.sleep(TICK)

    async def on_value(self, _record, value):
        fields = self.m.field_inst
        if fields.set_use_switch.value == "Set":
            await fields.user_readback_value.write(value)
        else:
            self.asked = True

    async def move(self, instance, fields, async_lib):
        """One move; a new target on the way takes its place, STOP and SPMG end it where the axis is."""
        fault = self.fault.value
        await fields.limit_violation.write(1 if fault == "lvio" else 0)
        await fields.motor_status.write(0x2)
        for switch in (fields.user_high_limit_switch, fields.user_low_limit_switch, fields.ran_out_of_retries):
            await switch.write(0)
        self.asked = False
        if fault == "lvio":
            return
        await fields.done_moving_to_value.write(0)
        position = fields.user_readback_value.value
        travelled = 0.0
        while True:
            target = instance.value + (0.5 if fault == "miss" else 0.0)
            step = fields.velocity.value * TICK
            left = target - position
            if fields.stop.value != 0 or fields.stop_pause_move_go.value in ("Stop", "Pause"):
                await instance.write(position)
                self.asked = False
                break
            if target > fields.user_high_limit.value or target < fields.user_low_limit.value:
                await fields.limit_violation.write(1)
                break
            if fault in ("high switch", "low switch", "stall", "problem") and travelled >= 1.0:
                break
            if abs(left) <= step:
                position = target
                await fields.user_readback_value.write(position)
                if self.asked:
                    self.asked = False
                    continue
                break
            position += step if left > 0 else -step
            travelled += step
            await fields.user_readback_value.write(position)
            await async_lib.library.sleep(TICK)
        if fault == "high switch":
            await fields.user_high_limit_switch.write(1)
        if fault == "low switch":
            await fields.user_low_limit_switch.write(1)
        if fault == "miss":
            await fields.ran_out_of_retries.write(1)
        if fault in ("stall", "problem"):
            await fields.motor_status.write(0x42 if fault == "stall" else 0x202)
        await fields.done_moving_to_value.write(1)


def end_with_parent():
    sys.stdin.read()
    os._exit(0)


threading.Thread(target=end_with_parent, daemon=True).start()
run(FaultyMotor(prefix="t:").pvdb, interfaces=["127.0.0.1"])
