import type { RunSummary } from "../../documents/catalog/index.ts";
import { stringify } from "../../documents/json.ts";
import { openCatalog, type Place, print } from "./place.ts";

export interface ListOptions extends Place {
  readonly since?: number;
  readonly until?: number;
  readonly plan?: string;
  readonly scanId?: number;
  readonly status?: string;
  readonly md: Record<string, unknown>;
  readonly limit: number;
  readonly before?: string;
  readonly json: boolean;
}

/** Prints the runs that are looked for, one a line. */
export async function list(options: ListOptions, text?: string): Promise<void> {
  const { since, until, plan: planName, scanId, status: exitStatus, md, limit, before, json } = options;
  await using catalog = await openCatalog(options);
  const given = { since, until, planName, scanId, exitStatus, text, before };
  const query = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  let shown = 0;
  let last: RunSummary | undefined;
  for await (const run of catalog.runs({ ...query, md, limit })) {
    print(json ? stringify(run) : line(run));
    shown++;
    last = run;
  }
  if (json) return;
  if (last === undefined) process.stderr.write(`no such runs in ${catalog.location}\n`);
  else if (shown === limit) process.stderr.write(`more: --before ${last.uid}\n`);
}

function line({ uid, time, scanId, planName, exitStatus, numEvents }: RunSummary): string {
  const points = Object.entries(numEvents).map(([stream, count]) => `${stream} ${count}`);
  const columns = [
    uid.slice(0, 8),
    String(scanId ?? "").padStart(6),
    local(time),
    (planName ?? "").padEnd(16),
    (exitStatus ?? "unfinished").padEnd(10),
    points.join(", "),
  ];
  return columns.join("  ").trimEnd();
}

/** A Unix time as people here read it. */
export function local(time: number): string {
  const date = new Date(time * 1000);
  const two = (part: number): string => String(part).padStart(2, "0");
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}
