import { pathToFileURL } from "node:url";
import { kafka } from "./setup/kafka.mjs";
import { missing, missingMessage } from "./setup/missing.mjs";
import { mongod, mongodNeeds } from "./setup/mongod.mjs";
import { native } from "./setup/native.mjs";
import { nodeModules } from "./setup/node-modules.mjs";
import { progress } from "./setup/progress.mjs";
import { databroker1, environmentPython, python } from "./setup/python.mjs";
import { typescript } from "./setup/typescript.mjs";

/**
 * Brings this clone to where the demo (and, with `tests`, the tests) can run, and does only what is not there already.
 * The network, the compiler and pip work at the same time. Answers with the environment variables for what comes next.
 */
export async function setUp({ tests = true, database = true } = {}) {
  const packages = nodeModules();
  const binaries = native();
  const reference = tests ? python() : { why: null, lacks: [] };
  const older = tests && process.env.CERULEAN_SOAK === "1" ? databroker1() : { why: null, lacks: [] };
  const broker = tests ? kafka() : { why: null, lacks: [] };
  const server = database ? mongodNeeds() : { why: null, lacks: [] };
  const lacks = missing([packages, binaries, reference, older, broker, server]);
  if (lacks.length > 0) throw new SetUpError(missingMessage(lacks));

  const work = [
    (async () => {
      await perform(packages);
      await perform(typescript());
      if (database) await perform(await mongod());
    })(),
    perform(binaries),
    perform(reference).then(() => perform(older)),
    perform(broker),
  ];
  const failed = (await Promise.allSettled(work)).filter(({ status }) => status === "rejected");
  if (failed.length > 0) throw new SetUpError(failed.map(({ reason }) => reason.message).join("\n\n"));
  return tests ? { CERULEAN_PYTHON: environmentPython() } : {};
}

/** A set-up that can't go on; the message is for the user and needs no stack. */
export class SetUpError extends Error {}

async function perform(step) {
  if (step.why !== null) await progress(step.name, step.why, step.run);
}

/** Runs a tool's main function; what it throws becomes one message and a failing exit code. */
export async function main(work) {
  try {
    await work();
  } catch (error) {
    process.stderr.write(`\n${error instanceof SetUpError ? error.message : error.stack}\n`);
    process.exitCode = 1;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await main(() => setUp());
