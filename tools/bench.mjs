import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { root } from "./setup/paths.mjs";
import { main, setUp } from "./setup.mjs";

await main(async () => {
  const env = await setUp();
  const bench = spawn(join(root, "node_modules/.bin/tsx"), ["bench/run.ts", ...process.argv.slice(2)], {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, ...env },
  });
  const [code] = await once(bench, "exit");
  process.exitCode = code ?? 1;
});
