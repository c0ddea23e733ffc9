/** What a stop says that was written for an engine that died. */
export const REPAIRED = { exit_status: "fail", reason: "process died" } as const;

export function isRepaired({ exit_status, reason }: { exit_status?: unknown; reason?: unknown }): boolean {
  return exit_status === REPAIRED.exit_status && reason === REPAIRED.reason;
}
