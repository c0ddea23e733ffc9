import { type Command, InvalidArgumentError, Option } from "commander";
import { mongoUri } from "../mongo-uri.ts";
import { parseMetadata, parseTime } from "./arguments.ts";
import type { ExportOptions } from "./export.ts";
import type { FillOptions } from "./fill.ts";
import type { FollowOptions } from "./follow.ts";
import type { ListOptions } from "./list.ts";
import type { Place } from "./place.ts";
import type { ShowOptions } from "./show.ts";

/** Adds `cerulean catalog` to the command. */
export function addCatalog(program: Command): void {
  const catalog = program
    .command("catalog")
    .description("find, show, export, follow and check the runs in MongoDB or in a folder of JSONL files");
  // The options of a place and of JSON belong to every subcommand.
  const add = (signature: string, description: string): Command =>
    catalog
      .command(signature)
      .description(description)
      .addOption(
        new Option("--mongo <uri>", "a MongoDB server and database")
          .env("CERULEAN_MONGO_URI")
          .argParser(mongoUri(program)),
      )
      .addOption(new Option("--jsonl <dir>", "a folder with one file for each run, instead of MongoDB"));

  const queried = (command: Command): Command =>
    command
      .addOption(time("--since <time>", "begun at this time or later: a date, Unix seconds, or 2d, 3h, 15m ago"))
      .addOption(time("--until <time>", "begun at this time or earlier"))
      .option("--plan <name>", "of this plan")
      .addOption(new Option("--scan-id <number>", "with this scan number").argParser(whole))
      .option("--status <status>", "with this exit status: success, abort or fail")
      .addOption(
        new Option("--md <key=value>", "whose metadata has this value; nested keys with dots; may be repeated")
          .default({}, "none")
          .argParser((text, before: Record<string, unknown>) => ({ ...before, ...parseMetadata(text) })),
      )
      .addOption(new Option("--limit <number>", "at most so many").default(20).argParser(whole))
      .option("--before <uid>", "the page that follows the one with this run at its end")
      .option("--json", "a line of JSON for each run", false);

  queried(add("list", "the runs, the newest first")).action(async (options: ListOptions) => {
    const { list } = await import("./list.ts");
    await list(options);
  });
  queried(add("search <words...>", "the runs with all these words in their metadata")).action(
    async (words: string[], options: ListOptions) => {
      const { list } = await import("./list.ts");
      await list(options, words.join(" "));
    },
  );
  add("show <run>", "a run: its metadata, its streams, or the points of one")
    .option("--stream <name>", "the points of this stream, as a table")
    .option("--json", "as JSON; with --stream a line for each point", false)
    .action(async (run: string, options: ShowOptions) => {
      const { show } = await import("./show.ts");
      await show(run, options);
    });
  add("export <run>", "a run as a file")
    .addOption(
      new Option("--format <format>", "documents, or the points of a stream").choices(["jsonl", "csv", "arrow"]),
    )
    .option("--stream <name>", "the stream of a CSV or Arrow file", "primary")
    .option("--out <file>", "where it goes; standard output by default")
    .action(async (run: string, options: ExportOptions) => {
      const { exportRun } = await import("./export.ts");
      await exportRun(run, options);
    });
  add("follow [run]", "a run as it goes on, by default the newest, until it ends or Ctrl-C")
    .option("--stream <name>", "the stream whose points are shown", "primary")
    .option("--json", 'every document as a line ["name", {...}]', false)
    .action(async (run: string | undefined, options: FollowOptions) => {
      const { follow } = await import("./follow.ts");
      await follow(run, options);
    });
  add("verify <runs...>", "count the points that are stored beside what was announced; exit code 1 when they differ")
    .option("--json", "a line of JSON for each run", false)
    .action(async (runs: string[], options: Place & { json: boolean }) => {
      const { verify } = await import("./verify.ts");
      process.exitCode = (await verify(runs, options)) ? 0 : 1;
    });
  add("repair", "store what dead processes left in the journal, and give their runs a stop document")
    .option("--journal <dir>", "the journal of those processes; by default the one of cerulean run here")
    .option("--json", "a line of JSON for each run", false)
    .action(async (options: Place & { journal?: string; json: boolean }) => {
      const { repair } = await import("./repair.ts");
      await repair(options);
    });
  add("fill <topics...>", "read what engines publish to Kafka into MongoDB, each document once, until Ctrl-C")
    .requiredOption("--kafka <brokers>", "some brokers of the cluster: host:9092,host:9092")
    .option("--group <name>", "the readers who share the work and remember how far they got", "cerulean")
    .addOption(
      new Option("--session <seconds>", "when a reader that isn't heard is taken for dead, and others do its work")
        .default(10)
        .argParser(whole),
    )
    .option("--journal <dir>", "what is read and not stored yet; by default where cerulean run has it here")
    .action(async (topics: string[], options: FillOptions) => {
      const { fill } = await import("./fill.ts");
      await fill(topics, options);
    });
}

function time(flags: string, description: string): Option {
  return new Option(flags, description).argParser((text) => {
    const seconds = parseTime(text);
    if (seconds === undefined)
      throw new InvalidArgumentError("Write a date like 2026-11-22T14:30, Unix seconds, or 2d.");
    return seconds;
  });
}

function whole(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isSafeInteger(value) || value < 0)
    throw new InvalidArgumentError("Write a whole number.");
  return value;
}
