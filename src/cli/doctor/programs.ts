import { existsSync, readFileSync } from "node:fs";
import { loadAddon } from "../../devices/epics/native.ts";
import { describeError } from "../describe-error.ts";
import { packageFile } from "../package-file.ts";
import { error, type Finding, ok } from "./finding.ts";

interface Package {
  readonly version: string;
  readonly engines: { readonly node: string };
}

/** The versions of what runs here, and whether the EPICS addon loads. */
export function checkPrograms(): Finding[] {
  const { version, engines } = JSON.parse(readFileSync(packageFile("package.json"), "utf8")) as Package;
  const platform = `${process.platform} ${process.arch}`;
  return [ok("Cerulean", `${version} in ${packageFile(".")}`), checkNode(engines.node, platform), checkAddon()];
}

function checkNode(wanted: string, platform: string): Finding {
  const found = process.versions.node;
  const least = wanted.replace(/^>=/, "");
  if (isAtLeast(found, least)) return ok("Node.js", `${found} on ${platform}`);
  return error("Node.js", `${found} is too old on ${platform}`, `install Node.js ${least} or newer`);
}

export function isAtLeast(version: string, least: string): boolean {
  const [have, want] = [version, least].map((text) => text.split(".").map(Number));
  for (const [at, part] of (want ?? []).entries()) {
    const difference = (have?.[at] ?? 0) - part;
    if (difference !== 0) return difference > 0;
  }
  return true;
}

function checkAddon(): Finding {
  try {
    const addon = loadAddon();
    const { epicsRs, rustc } = addon.versions();
    const ioc = existsSync(packageFile("native/cerulean-ioc")) ? "" : "; the mini-beamline is not built";
    return ok("EPICS addon", `loads: epics-rs ${epicsRs}, ${rustc}, Node-API ${process.versions.napi}${ioc}`);
  } catch (cause) {
    return error("EPICS addon", describeError(cause), 'build it with "npm run setup" in the repository');
  }
}
