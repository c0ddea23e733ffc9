import { declareStream } from "./stubs/index.ts";
import type { Many } from "./stubs/types.ts";

/**
 * Announces the primary stream ahead of its first event where the environment asks for it, as bluesky does: engines
 * in strict mode need it, and it shows the stream's devices before the first of them moves.
 */
export function* predeclare(devices: readonly unknown[]): Many {
  if (process.env.BLUESKY_PREDECLARE) yield declareStream(...devices, { name: "primary" });
}
