import { spawn } from "node:child_process";

/** Spins on a core, and ends with its standard input. */
const SPIN = `process.stdin.on("end", () => process.exit()).resume();
(function spin() { const end = Date.now() + 20; while (Date.now() < end); setImmediate(spin); })();`;

/** So many processes that do nothing but spin, until the function that it returns is called. */
export function spinners(count: number): () => void {
  const children = Array.from({ length: count }, () =>
    spawn(process.execPath, ["--eval", SPIN], { stdio: ["pipe", "ignore", "inherit"] }),
  );
  return () => {
    for (const child of children) child.stdin.end();
  };
}
