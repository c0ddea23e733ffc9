import { type Command, InvalidArgumentError, Option } from "commander";
import { mongoUri } from "../mongo-uri.ts";
import { RECOVERY_FILE } from "../run/state-files.ts";

interface DoctorOptions {
  recover?: string | true;
  apply: boolean;
  forget: boolean;
  json: boolean;
  timeout: number;
  mongo?: string;
}

/** Adds `cerulean doctor` to the command. */
export function addDoctor(program: Command): void {
  program
    .command("doctor")
    .description(
      "look at what a measurement needs: versions, environment, servers, clocks, MongoDB, and what a crash has left behind; exit code 0 well, 1 warnings, 2 errors",
    )
    .argument("[pvs...]", "PVs to look for: who serves them, whether one server alone does, and how its clock goes")
    .option("--json", "a finding in JSON on each line", false)
    .addOption(
      new Option("-w, --timeout <seconds>", "how long to wait for PVs and their updates")
        .default(3000, "3")
        .argParser(seconds),
    )
    .addOption(
      new Option("--mongo <uri>", "the MongoDB server and database to look at")
        .env("CERULEAN_MONGO_URI")
        .argParser(mongoUri(program)),
    )
    .option("--recover [file]", `show what was changed and not put back; ${RECOVERY_FILE} by default`)
    .option("--apply", "with --recover: put it back over EPICS; motors move", false)
    .addOption(
      new Option("--forget", "with --recover: drop the list and change nothing").default(false).conflicts("apply"),
    )
    .action(async (pvs: string[], { recover: file, apply, forget, ...options }: DoctorOptions, command: Command) => {
      if (file === undefined && (apply || forget))
        command.error("error: --apply and --forget go with --recover [file]");
      const { shutdownAll } = await import("../../devices/epics/index.ts");
      try {
        if (file === undefined) {
          const { diagnose } = await import("./diagnose.ts");
          process.exitCode = await diagnose(pvs, { ...options, timeoutMs: options.timeout });
        } else {
          const { recover } = await import("./recover.ts");
          process.exitCode = await recover(typeof file === "string" ? file : RECOVERY_FILE, { apply, forget });
        }
      } finally {
        await shutdownAll({ force: true });
      }
    });
}

function seconds(text: string): number {
  const number = Number(text);
  if (!(number > 0)) throw new InvalidArgumentError("It takes seconds, more than 0.");
  return number * 1000;
}
