import { isDeepStrictEqual } from "node:util";
import type { BsonDocument } from "./bson.ts";

/** What a stop says that a repair has written, for an engine that died. */
export const REPAIRED = { exit_status: "fail", reason: "process died" } as const;

export function isRepaired({ exit_status, reason }: BsonDocument): boolean {
  return isDeepStrictEqual({ exit_status, reason }, REPAIRED);
}
