import { spawn } from "node:child_process";

/**
 * Runs the command in its arguments and ends it when standard input closes, which the system does also when the parent is
 * killed. For programs that do not watch their own standard input.
 */
const GRACE_MS = 5_000;

const [command, ...args] = process.argv.slice(2);
if (command === undefined) throw new Error("supervisor: no command was given");

const child = spawn(command, args, { stdio: ["ignore", "inherit", "inherit"] });

child.on("error", (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(127);
});
child.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGTERM" ? 0 : 1)));

function end(): void {
  child.kill("SIGTERM");
  setTimeout(() => child.kill("SIGKILL"), GRACE_MS).unref();
}

process.stdin.on("end", end).on("error", end).resume();
// The parent alone decides: a signal to the whole group must not end a database that is still being written to.
for (const signal of ["SIGINT", "SIGHUP"] as const) process.on(signal, () => {});
process.on("SIGTERM", end);
// A closed standard output is the parent's death too.
process.stdout.on("error", end);
