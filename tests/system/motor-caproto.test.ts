import { setTimeout as sleep } from "node:timers/promises";
import { type Progress, waitForValue } from "cerulean/devices";
import { type Context, EpicsMotor, getContext, MotorStoppedError } from "cerulean/epics";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { times } from "../soak.ts";
import type { CaprotoIoc } from "./support/caproto-ioc.ts";
import { startCaprotoMotor } from "./support/caproto-motor.ts";
import { independentClient } from "./support/independent-client.ts";

const EARLY_STOPS = times(5, 50);

let ioc: CaprotoIoc;
let context: Context;
let motor: EpicsMotor;

beforeAll(async () => {
  ioc = await startCaprotoMotor();
  context = getContext(ioc.context);
  motor = new EpicsMotor("sim:mtr3", { name: "m", context });
  await motor.connect({ timeoutMs: 10_000 });
});

afterAll(async () => {
  await motor?.dispose();
  await context?.close({ force: true });
  await ioc?.[Symbol.asyncDispose]();
});

describe("a motor whose put is acknowledged at once and that drops DMOV late", () => {
  it("is done only when it has arrived", async () => {
    const seen: Progress[] = [];
    const move = motor.set(3);
    move.watch((progress) => seen.push(progress));
    await move.wait();
    expect((await motor.locate()).readback).toBe(3);
    expect(await motor.doneMoving.get({ cached: false })).toBe(1);
    expect(seen.some(({ current }) => current > 0 && current < 3)).toBe(true);
    expect(seen.at(-1)).toMatchObject({ initial: 0, target: 3, precision: 2 });
    expect(Object.keys(await motor.read())).toEqual(["m"]);
  });

  it("is never reported early in moves back to back", async () => {
    for (const target of [3.3, 3, 3.6, 3.61]) {
      await motor.set(target).wait();
      expect((await motor.locate()).readback).toBe(target);
    }
  });

  it("stands when its move has failed because of a stop", async () => {
    const move = motor.set(30);
    await waitForValue(motor.doneMoving, 0);
    await motor.stop();
    await expect(move.wait()).rejects.toThrow(MotorStoppedError);
    expect(await motor.doneMoving.get({ cached: false })).toBe(1);
    expect((await motor.locate()).readback).toBeLessThan(10);
  });

  it(`stands when a move has failed because of a stop from before it began, ${EARLY_STOPS} times`, async () => {
    await using other = await independentClient("sim:mtr3.RBV", ioc.caPort);
    // Before its first move this record does not say that it is done.
    await motor.set(1).wait();
    for (let i = 0; i < EARLY_STOPS; i++) {
      const start = await other.read();
      const target = start < 15 ? start + 10 : start - 10;
      const move = motor.set(target);
      // The record looks at VAL within 100 ms from here.
      await waitForValue(motor.setpoint, target);
      await motor.stop();
      await expect(move.wait()).rejects.toThrow(MotorStoppedError);
      const stood = await other.read();
      expect(await motor.doneMoving.get({ cached: false })).toBe(1);
      // Half of the way.
      expect(Math.abs(stood - start)).toBeLessThan(5);
      // The record moves its axis each 100 ms.
      await sleep(250);
      expect(await other.read()).toBe(stood);
    }
  });
});
