import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./setup/paths.mjs";
import { main, setUp } from "./setup.mjs";

const PARENT_CHECK_MS = 500;

const args = process.argv.slice(2);
const ownServer = !args.some((arg) => /^(--store=)?jsonl$|^--mongo/.test(arg));

// npm passes on no signal when it is killed: a demo whose npm is gone ends as if it had been told to.
const parent = process.ppid;
const watch = setInterval(() => {
  if (process.ppid === parent) return;
  clearInterval(watch);
  process.kill(process.pid, "SIGTERM");
}, PARENT_CHECK_MS).unref();

await main(async () => {
  await setUp({ tests: false, database: ownServer });
  const command = join(root, "dist/cli/main.js");
  process.argv = [process.execPath, command, "demo", ...args];
  await import(pathToFileURL(command).href);
});
