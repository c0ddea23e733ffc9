import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { output } from "./command.mjs";

/** epics-base-rs calls one integer method that became stable in this release. */
const NEEDED = [1, 97];

/**
 * The compiler for the addon and the IOC: the default toolchain when it is new enough, else an installed nightly, else the
 * default one with the missing method unlocked for this build alone. Null when there is no cargo at all.
 */
export function toolchain() {
  const bin = output("cargo", ["--version"]) ? "" : join(process.env.CARGO_HOME || join(homedir(), ".cargo"), "bin/");
  if (bin !== "" && !existsSync(`${bin}cargo`)) return null;
  const tool = { cargo: `${bin}cargo`, args: [], env: bin === "" ? {} : { PATH: `${bin}:${process.env.PATH}` } };
  const version = output(`${bin}rustc`, ["--version"])?.trim();
  if (version === undefined) return null;
  if (isNewEnough(version)) return { ...tool, version };
  for (const name of nightlies(bin)) {
    const nightly = output(`${bin}rustc`, [`+${name}`, "--version"])?.trim();
    if (nightly !== undefined && isNewEnough(nightly)) return { ...tool, args: [`+${name}`], version: nightly };
  }
  return {
    ...tool,
    version,
    env: {
      ...tool.env,
      RUSTC_BOOTSTRAP: "1",
      RUSTFLAGS: "-Zcrate-attr=feature(isolate_most_least_significant_one)",
    },
    advice: `${version} is older than ${NEEDED.join(".")}: unlocking one unstable method for this build alone; "rustup update" is better`,
  };
}

function nightlies(bin) {
  const listed = output(`${bin}rustup`, ["toolchain", "list"]) ?? "";
  return listed
    .split("\n")
    .map((line) => line.split(" ")[0])
    .filter((name) => name.startsWith("nightly"));
}

export function isNewEnough(version) {
  const [, major, minor] = /^rustc (\d+)\.(\d+)/.exec(version)?.map(Number) ?? [];
  return major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1]);
}
