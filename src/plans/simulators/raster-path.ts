import type { PlanLike } from "../../engine/msg.ts";
import { axesMoved } from "../axes.ts";
import { emptyAnswer, type RehearseOptions, rehearse } from "./rehearse.ts";

/**
 * Where two motors, given by name, are at each event of the plan, in order, ready to be drawn; also axes of one pseudo positioner,
 * which move together. Points before both have moved are left out.
 */
export async function plotRasterPath(
  plan: PlanLike<unknown>,
  xMotor: string,
  yMotor: string,
  options: RehearseOptions = {},
): Promise<{ readonly x: number[]; readonly y: number[] }> {
  const path = { x: [] as number[], y: [] as number[] };
  let x: number | undefined;
  let y: number | undefined;
  const follow = (msg: Parameters<typeof emptyAnswer>[0]): unknown => {
    for (const [{ name }, target] of msg.command === "set" ? axesMoved(msg.obj, msg.args[0]) : []) {
      if (name === xMotor) x = target;
      if (name === yMotor) y = target;
    }
    if (msg.command === "save" && x !== undefined && y !== undefined) {
      path.x.push(x);
      path.y.push(y);
    }
    return emptyAnswer(msg);
  };
  await rehearse(plan, follow, options);
  return path;
}
