import { execFileSync, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { root } from "./paths.mjs";

const KEPT_LINES = 40;

/** What a short command prints, or null when it is absent or fails. */
export function output(command, args, options = {}) {
  try {
    return execFileSync(command, args, { cwd: root, encoding: "utf8", stdio: ["pipe", "pipe", "ignore"], ...options });
  } catch {
    return null;
  }
}

/** Runs a long command quietly; `onLine` sees each line, and a failure carries the last of them. */
export function run(command, args, { env = {}, onLine } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const kept = [];
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", (line) => {
        kept.push(line);
        if (kept.length > KEPT_LINES) kept.shift();
        onLine?.(line);
      });
    }
    child.on("error", reject);
    child.on("close", (code, signal) => {
      if (code === 0) return resolve();
      const end = signal ?? `exit code ${code}`;
      reject(new Error(`${command} ${args.join(" ")} failed (${end}):\n${kept.join("\n")}`));
    });
  });
}
