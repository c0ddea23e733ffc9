type Level = "ok" | "note" | "warning" | "error";

/** One thing that the doctor has looked at. */
export interface Finding {
  readonly level: Level;
  /** What was looked at, in a word or two. */
  readonly what: string;
  /** How it is. */
  readonly finding: string;
  /** What to do about it; every warning and error has this. */
  readonly advice?: string;
}

export const ok = (what: string, finding: string): Finding => ({ level: "ok", what, finding });
export const note = (what: string, finding: string): Finding => ({ level: "note", what, finding });
export const warning = (what: string, finding: string, advice: string): Finding => ({
  level: "warning",
  ...{ what, finding, advice },
});
export const error = (what: string, finding: string, advice: string): Finding => ({
  level: "error",
  ...{ what, finding, advice },
});

/** 0 when there is nothing to do, 1 with warnings, 2 with errors. */
export function exitCodeOf(findings: readonly Finding[]): number {
  if (findings.some(({ level }) => level === "error")) return 2;
  return findings.some(({ level }) => level === "warning") ? 1 : 0;
}
