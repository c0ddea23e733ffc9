import { spawn } from "node:child_process";
import { once } from "node:events";
import { nativeBinary } from "./package-file.ts";

/** Serves the mini-beamline in the foreground and resolves to its exit code; the IOC ends with this process. */
export async function ioc(options: readonly string[]): Promise<number> {
  const child = spawn(nativeBinary("cerulean-ioc"), options, { stdio: ["pipe", "inherit", "inherit"] });
  // The terminal sends Ctrl-C to the IOC as well; what is sent to this process alone is passed on.
  const pass = (signal: NodeJS.Signals): void => void child.kill(signal);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, pass);
  const [code, signal] = await once(child, "exit");
  return code ?? (signal === "SIGINT" || signal === "SIGTERM" ? 0 : 1);
}
