import { parsePv } from "../../devices/epics/channel-source.ts";
import { stringify } from "../../documents/json.ts";
import { describeError } from "../describe-error.ts";
import { Output } from "../output.ts";
import { searchAddresses } from "./addresses.ts";
import { checkClocks } from "./clocks.ts";
import { error, exitCodeOf, type Finding, note } from "./finding.ts";
import { checkLeftovers } from "./leftovers.ts";
import { checkPrograms } from "./programs.ts";
import { checkNameServers, checkRepeater, checkServers } from "./servers.ts";
import { checkVariables } from "./variables.ts";

export interface DiagnoseOptions {
  readonly json: boolean;
  readonly timeoutMs: number;
  readonly mongo?: string;
}

/** Looks at everything that a measurement needs and tells how it is, and what to do about what is wrong. Resolves to the exit code. */
export async function diagnose(pvs: readonly string[], options: DiagnoseOptions): Promise<number> {
  const output = new Output();
  const findings: Finding[] = [];
  const tell = (some: readonly Finding[]): void => {
    findings.push(...some);
    for (const finding of some) output.line(options.json ? stringify(finding) : lines(finding));
  };
  const { env } = process;
  const programs = checkPrograms();
  tell(programs);
  tell(checkVariables(env));
  const [ca, pva] = await Promise.all([searchAddresses("ca", env), searchAddresses("pva", env)]);
  tell([...ca.findings, ...pva.findings, await checkRepeater(env), ...(await checkNameServers(env))]);
  const [known, unknown] = sorted(pvs);
  tell(unknown);
  if (pvs.length === 0)
    tell([note("PVs", 'none were named: "cerulean doctor PV..." tells who serves them, and whose clock is off')]);
  else if (!programs.some(({ level }) => level === "error")) {
    tell(await checkServers(known, { ca: ca.addresses, pva: pva.addresses }, options.timeoutMs));
    tell(await checkClocks(known, options.timeoutMs));
  }
  if (options.mongo !== undefined) {
    const { checkMongo } = await import("./mongo.ts");
    tell([await checkMongo(options.mongo)]);
  }
  tell(checkLeftovers());
  return exitCodeOf(findings);
}

/** The names of PVs, and what is wrong with the others. */
function sorted(pvs: readonly string[]): [string[], Finding[]] {
  const unknown: Finding[] = [];
  const known = [...new Set(pvs)].filter((pv) => {
    try {
      return parsePv(pv).name !== "";
    } catch (cause) {
      unknown.push(error(pv, describeError(cause), "write ca://NAME, pva://NAME, or NAME for Channel Access"));
      return false;
    }
  });
  return [known, unknown];
}

const WIDTH = 9;

function lines({ level, what, finding, advice }: Finding): string {
  const first = `${level.padEnd(WIDTH)}${what}: ${finding}`;
  return advice === undefined ? first : `${first}\n${" ".repeat(WIDTH)}-> ${advice}`;
}
