import { RunEngine } from "cerulean";

new RunEngine({ beamlineLock: process.argv[2] });
process.stdout.write("mine\n");
// It holds the lock until its parent closes its standard input, or is gone.
if (process.argv[3] === "hold") process.stdin.resume();
