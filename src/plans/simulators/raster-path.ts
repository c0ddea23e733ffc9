import type { PlanLike } from "../../engine/msg.ts";
import { emptyAnswer, type RehearseOptions, rehearse } from "./rehearse.ts";

/** Where two motors, given by name, are at each event of the plan, in order, ready to be drawn. Points before both have moved are left out. */
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
    if (msg.command === "set" && msg.obj.name === xMotor) x = msg.args[0];
    if (msg.command === "set" && msg.obj.name === yMotor) y = msg.args[0];
    if (msg.command === "save" && x !== undefined && y !== undefined) {
      path.x.push(x);
      path.y.push(y);
    }
    return emptyAnswer(msg);
  };
  await rehearse(plan, follow, options);
  return path;
}
