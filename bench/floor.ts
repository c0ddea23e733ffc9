import { execFile } from "node:child_process";
import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Contender } from "./interleave.ts";

const run = promisify(execFile);
let binary: Promise<string> | undefined;

async function build(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "cerulean-floor-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const target = join(folder, "ping-pong");
  await run("rustc", ["-O", "-o", target, fileURLToPath(new URL("./floor/ping-pong.rs", import.meta.url))]);
  return target;
}

/** The TCP ping-pong of the same bytes: what no client can be faster than. */
export function floor(requestBytes: number, replyBytes: number, count: number): Contender {
  return {
    who: "floor (TCP ping-pong)",
    async round() {
      binary ??= build();
      const { stdout } = await run(await binary, [requestBytes, replyBytes, count].map(String), { maxBuffer: 1 << 26 });
      return stdout.trim().split("\n").map(Number);
    },
  };
}
