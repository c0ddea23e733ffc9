import { readFileSync } from "node:fs";
import { hostname, userInfo } from "node:os";

/** A process, so that it can be told later whether it is still there. */
export interface ProcessIdentity {
  readonly user: string;
  readonly host: string;
  readonly pid: number;
  /** When the process was started, as the system tells it; another process may get the same pid. Empty where it can't be known. */
  readonly started: string;
}

export function thisProcess(): ProcessIdentity {
  return { user: userName(), host: hostname(), pid: process.pid, started: startOf(process.pid) ?? "" };
}

/** Whether the process may be there: one on another machine can't be looked at, and counts as alive. */
export function mayBeAlive({ host, pid, started }: Omit<ProcessIdentity, "user">): boolean {
  if (host !== hostname()) return true;
  const now = startOf(pid);
  if (now === undefined) return false;
  return now === "" || started === "" || now === started;
}

/** A user without an entry in the system's list, as in many containers, has a number only. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return process.env.USER ?? process.env.LOGNAME ?? String(process.getuid?.() ?? "unknown");
  }
}

/** undefined: there is no such process. One that was killed and not yet collected by its parent doesn't count. */
function startOf(pid: number): string | undefined {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return undefined;
  }
  if (process.platform !== "linux") return "";
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const [state, ...rest] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return state === "Z" || state === "X" ? undefined : (rest[18] ?? "");
  } catch {
    return undefined;
  }
}
