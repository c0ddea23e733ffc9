import { readdirSync, readFileSync } from "node:fs";

/** The process hangs until SIGCONT: its sockets stay open and nothing answers. Resolves when all its threads stand. */
export async function freeze(pid: number): Promise<void> {
  process.kill(pid, "SIGSTOP");
  const threads = `/proc/${pid}/task`;
  const stands = (thread: string) => readFileSync(`${threads}/${thread}/stat`, "utf8").split(") ")[1]?.[0] === "T";
  while (!readdirSync(threads).every(stands)) await new Promise((resolve) => setTimeout(resolve, 1));
}
