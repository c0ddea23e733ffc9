#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { Command, Option } from "commander";
import { addCatalog } from "./catalog/command.ts";
import type { DemoOptions } from "./demo/demo.ts";
import { describeError } from "./describe-error.ts";
import { addDoctor } from "./doctor/command.ts";
import { mongoUri } from "./mongo-uri.ts";
import { packageFile } from "./package-file.ts";
import { addPvCommands } from "./pv/command.ts";
import { addRun } from "./run/command.ts";

const { version } = JSON.parse(readFileSync(packageFile("package.json"), "utf8")) as { version: string };

const program = new Command("cerulean")
  .description("Data acquisition for beamlines: plans, fly scans, event-model documents")
  .version(version)
  .showHelpAfterError();

program
  .command("demo")
  .description("a step scan and a fly scan on a simulated beamline, stored, read back and compared")
  .addOption(new Option("--store <kind>", "where the documents go").choices(["mongo", "jsonl"]).default("mongo"))
  .option("--out <dir>", "folder for everything that is stored", ".cerulean/demo")
  .addOption(
    new Option("--mongo <uri>", "a MongoDB server and database that are there already")
      .env("CERULEAN_MONGO_URI")
      .argParser(mongoUri(program)),
  )
  .option("--hold", "keep the beamline and the database up after the end, until Ctrl-C", false)
  .action(async (options: DemoOptions) => {
    const { demo } = await import("./demo/demo.ts");
    process.exitCode = await demo(options);
  });

program
  .command("ioc")
  .description("serve the mini-beamline, a simulated beamline of EPICS records, until Ctrl-C")
  .helpOption(false)
  .allowUnknownOption()
  .argument("[options...]", "what cerulean-ioc takes; see --help")
  .action(async (options: string[]) => {
    const { ioc } = await import("./ioc.ts");
    process.exitCode = await ioc(options);
  });

addRun(program);
addPvCommands(program);
addDoctor(program);
addCatalog(program);

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`cerulean: ${describeError(error)}\n`);
  process.exitCode = 1;
}
