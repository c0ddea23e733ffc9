import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { cacheDir } from "../tools/setup/paths.mjs";
import { Peer } from "./peer.ts";

/** The Rust crate bsrs, built into the cache; undefined, and said with `report`, where it can't be had or built. */
export async function bsrsPeer(report: (line: string) => void): Promise<Peer | undefined> {
  const crate = fileURLToPath(new URL("./peers/bsrs", import.meta.url));
  const target = join(cacheDir, "bench-bsrs");
  report("bsrs: cargo build (a minute or two the first time)");
  try {
    await promisify(execFile)("cargo", ["build", "--release", "--locked"], {
      cwd: crate,
      env: { ...process.env, CARGO_TARGET_DIR: target },
      maxBuffer: 1 << 26,
    });
  } catch (error) {
    report(
      `bsrs is left out, because it could not be built: ${error instanceof Error ? error.message : String(error)}`,
    );
    return undefined;
  }
  return new Peer("bsrs", join(target, "release", "bsrs-peer"));
}
