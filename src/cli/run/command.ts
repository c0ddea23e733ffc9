import { type Command, Option } from "commander";
import { mongoUri } from "../mongo-uri.ts";
import type { RunOptions } from "./run.ts";

const HELD_MS = 2_000;

/** Adds `cerulean run` to the command. */
export function addRun(program: Command): void {
  program
    .command("run")
    .description(
      "run a plan of a TypeScript file; exit code 0 success, 1 failed, 2 refused before anything moved, 130 aborted",
    )
    .argument("<file>", "a TypeScript file that exports plans and devices")
    .argument("[plan]", "the plan's name; not needed for a default export or the only plan")
    .option("--args <json>", "the plan's arguments: an array, or the only one")
    .addOption(
      new Option("--mongo <uri>", "store in this MongoDB server and database")
        .env("CERULEAN_MONGO_URI")
        .argParser(mongoUri(program)),
    )
    .addOption(
      new Option("--jsonl <dir>", "store in files, one for each run; in .cerulean/runs when no place is named"),
    )
    .option("--no-store", "store nothing")
    .option("--md <file>", "a JSON file of metadata for the start document: proposal, sample and the like")
    .option("--dry-run", "tell what the plan would do, without touching hardware", false)
    .option("--no-check", "skip the check of types, and of each position against limits, before anything moves")
    .action(async (file: string, plan: string | undefined, options: RunOptions, command: Command) => {
      if (options.jsonl !== undefined && command.getOptionValueSource("mongo") === "cli") {
        program.error("error: --mongo and --jsonl name two places; take one");
      }
      const { run } = await import("./run.ts");
      process.exitCode = await run(file, plan, options);
      // What a plan file has left running must not keep the command from ending.
      setTimeout(() => process.exit(), HELD_MS).unref();
    });
}
