import { type Command, Option } from "commander";
import { RECOVERY_FILE } from "../run/state-files.ts";

interface DoctorOptions {
  recover?: string | true;
  apply: boolean;
  forget: boolean;
}

/** Adds `cerulean doctor` to the command. */
export function addDoctor(program: Command): void {
  program
    .command("doctor")
    .description("look after what a crash has left behind")
    .option("--recover [file]", `show what was changed and not put back; ${RECOVERY_FILE} by default`)
    .option("--apply", "with --recover: put it back over EPICS; motors move", false)
    .addOption(
      new Option("--forget", "with --recover: drop the list and change nothing").default(false).conflicts("apply"),
    )
    .action(async ({ recover: file, apply, forget }: DoctorOptions, command: Command) => {
      if (file === undefined) command.error("error: say what to look after: --recover [file]");
      const [{ recover }, { shutdownAll }] = await Promise.all([
        import("./recover.ts"),
        import("../../devices/epics/index.ts"),
      ]);
      try {
        process.exitCode = await recover(typeof file === "string" ? file : RECOVERY_FILE, { apply, forget });
      } finally {
        await shutdownAll({ force: true });
      }
    });
}
