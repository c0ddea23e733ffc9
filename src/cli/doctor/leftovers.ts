import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { parse } from "../../documents/json.ts";
import { mayBeAlive, type ProcessIdentity } from "../../documents/process-identity.ts";
import type { RecoveryEntry } from "../../engine/recovery-file.ts";
import { describeError } from "../describe-error.ts";
import { METADATA_FILE, RECOVERY_FILE, STATE_DIR } from "../run/state-files.ts";
import { error, type Finding, note, ok, warning } from "./finding.ts";

/** What commands have left in this folder: devices that were not put back, locks, documents that are not stored yet. */
export function checkLeftovers(): Finding[] {
  const findings = [...recovery(), ...[RECOVERY_FILE, METADATA_FILE].flatMap(locks), ...journals()];
  return findings.length > 0 ? findings : [ok("this folder", "nothing was left behind here")];
}

function recovery(): Finding[] {
  if (!existsSync(RECOVERY_FILE)) return [];
  try {
    const { entries } = parse(readFileSync(RECOVERY_FILE, "utf8")) as { entries: readonly RecoveryEntry[] };
    const devices = entries.map(({ device }) => device).join(", ");
    const advice = 'see what with "cerulean doctor --recover"';
    return [warning(RECOVERY_FILE, `was changed and not put back: ${devices}`, advice)];
  } catch (cause) {
    return [
      error(
        RECOVERY_FILE,
        `can't be read: ${describeError(cause)}`,
        "look after the devices by hand, then move it away",
      ),
    ];
  }
}

function locks(path: string): Finding[] {
  const folder = dirname(path);
  const prefix = `${basename(path)}.lock.`;
  return entriesOf(folder)
    .filter((name) => name.startsWith(prefix))
    .map((name) => {
      const claim = claimOf(join(folder, name));
      if (claim === undefined) return note(path, "has a lock of nobody; the next command removes it");
      const who = `process ${claim.pid} of ${claim.user} on ${claim.host}`;
      if (mayBeAlive(claim)) return note(path, `is in use by ${who}`);
      return note(path, `has a lock of ${who}, which is gone; the next command removes it`);
    });
}

function claimOf(file: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as ProcessIdentity;
  } catch {
    return undefined;
  }
}

function journals(): Finding[] {
  const home = join(STATE_DIR, "journal");
  return entriesOf(home).flatMap((database) => {
    const writers = entriesOf(join(home, database, "writers"));
    const refused = entriesOf(join(home, database, "dead-letters"));
    return [
      ...(writers.length === 0
        ? []
        : [
            warning(
              join(home, database),
              "has documents that are not in MongoDB yet, or belongs to a scan that is running",
              `the next "cerulean run --mongo" to the database ${database} from this folder stores them`,
            ),
          ]),
      ...(refused.length === 0
        ? []
        : [
            error(
              join(home, database, "dead-letters"),
              `has documents that MongoDB refused: ${refused.join(", ")}`,
              "see in each line why; store them by hand",
            ),
          ]),
    ];
  });
}

function entriesOf(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}
