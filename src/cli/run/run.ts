import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { inspect } from "node:util";
import { BestEffortCallback, ProgressBars } from "../../callbacks/index.ts";
import { shutdownAll } from "../../devices/epics/index.ts";
import { RunInterrupted, type RunResult } from "../../engine/errors.ts";
import { LockedError } from "../../engine/file-lock.ts";
import type { PlanLike } from "../../engine/msg.ts";
import { PersistentMetadata } from "../../engine/persistent-metadata.ts";
import { RunEngine } from "../../engine/run-engine.ts";
import { watchInterruptions } from "../demo/interruptions.ts";
import { describeError } from "../describe-error.ts";
import { checkTypes } from "./check-types.ts";
import { describeRehearsal } from "./describe-estimate.ts";
import { connectAll, loadPlanFile, parseArguments, planNamed } from "./plan-file.ts";
import { Refused } from "./refused.ts";
import { checkPlan, dryRun } from "./rehearsal.ts";
import { readMetadata } from "./run-metadata.ts";
import { METADATA_FILE, RECOVERY_FILE } from "./state-files.ts";
import { openStore, type StoreOptions } from "./store.ts";

export interface RunOptions extends StoreOptions {
  readonly args?: string;
  readonly dryRun: boolean;
  readonly check: boolean;
  readonly md?: string;
}

/** What the command ends with. */
const EXIT = { success: 0, fail: 1, refused: 2, abort: 130 } as const;

/** Runs a plan of a file; resolves to the exit code. What is wrong before anything moves is told as a whole and ends with 2. */
export async function run(file: string, name: string | undefined, options: RunOptions): Promise<number> {
  try {
    return await prepareAndRun(resolve(file), name, options);
  } catch (error) {
    if (!(error instanceof Refused || error instanceof LockedError)) throw error;
    warn(describeError(error));
    return EXIT.refused;
  } finally {
    await shutdownAll({ force: true });
  }
}

async function prepareAndRun(path: string, name: string | undefined, options: RunOptions): Promise<number> {
  const args = parseArguments(options.args);
  const given = readMetadata(options.md);
  if (!existsSync(path)) throw new Refused(`there is no file ${path}`);
  if (options.check) {
    const wrong = await checkTypes(path);
    if (wrong !== undefined) throw new Refused(`${wrong}\nnothing was moved; --no-check runs it all the same`);
  }
  const planFile = await loadPlanFile(path);
  const plan = planNamed(planFile, name, args);
  if (options.dryRun) {
    for (const line of describeRehearsal(plan.name, await dryRun(plan))) say(line);
    return EXIT.success;
  }
  await connectAll(planFile);
  if (options.check) {
    for (const line of describeRehearsal(plan.name, await checkPlan(plan))) say(line);
  }
  using md = new PersistentMetadata(METADATA_FILE);
  const engine = new RunEngine({ md, recoveryFile: RECOVERY_FILE, handleSignals: true });
  const store = await openStore(options, warn);
  if (store !== undefined) engine.subscribe(store);
  try {
    return await runWatched(engine, plan, given);
  } finally {
    await store?.close();
  }
}

/** With a table, bars and peaks on the terminal, and Ctrl-C. */
async function runWatched(
  engine: RunEngine,
  plan: () => PlanLike<unknown>,
  md: Record<string, unknown>,
): Promise<number> {
  const bars = new ProgressBars();
  const out = (line: string): void => (bars.active && process.stdout.isTTY ? bars.log(line) : say(line));
  engine.waitingHook = bars.hook;
  engine.subscribe(new BestEffortCallback({ out, warn }));
  engine.errors$.subscribe((error) => warn(describeError(error)));
  const interruptions = watchInterruptions(engine);
  try {
    const result = await engine.run(plan, { md });
    if (result.planResult !== undefined && !result.runUids.includes(String(result.planResult))) {
      say(`\nthe plan answered ${inspect(result.planResult)}`);
    }
    return conclude(result);
  } catch (error) {
    if (error instanceof RunInterrupted) return conclude(error.result);
    say("");
    warn(`the plan failed: ${describeError(error)}`);
    return EXIT.fail;
  } finally {
    interruptions.close();
  }
}

function conclude({ exitStatus, reason, runUids }: RunResult): number {
  say(`\n${[exitStatus, reason].filter(Boolean).join(": ")}${runUids.map((uid) => `\nrun ${uid}`).join("")}`);
  return EXIT[exitStatus];
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function warn(line: string): void {
  process.stderr.write(`cerulean: ${line}\n`);
}
