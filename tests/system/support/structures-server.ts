import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { ContextOptions } from "cerulean/epics";
import { python } from "./python.ts";

export interface StructuresServer extends AsyncDisposable {
  /** What a context needs to find this server and no other. */
  readonly context: ContextOptions;
  /** The same for a process of its own. */
  readonly environment: Readonly<Record<string, string>>;
  /** Has something posted; see the script. */
  command(command: Readonly<Record<string, unknown>>): void;
}

/** Tables, frames, calls and structures on a p4p server of its own ports; it ends with this process. */
export function startStructuresServer(): Promise<StructuresServer> {
  return startScript("structures-server.py");
}

/** A device that tells of itself by PVI, `box:PVI`; it ends with this process. */
export function startPviServer(): Promise<StructuresServer> {
  return startScript("pvi-server.py");
}

async function startScript(file: string): Promise<StructuresServer> {
  const script = fileURLToPath(new URL(file, import.meta.url));
  const child = spawn(await python(), [script], { stdio: ["pipe", "pipe", "pipe"] });
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  const exited = once(child, "exit");
  const line = once(createInterface({ input: child.stdout }), "line").then(([text]) => String(text));
  const ports = await Promise.race([line, exited.then(() => undefined)]);
  if (ports === undefined) throw new Error(`the p4p server did not start:\n${errors}`);
  const { server, search } = JSON.parse(ports) as { server: number; search: number };
  return {
    context: {
      addrList: ["127.0.0.1"],
      autoAddrList: false,
      pva: { serverPort: server, broadcastPort: search },
    },
    environment: {
      EPICS_PVA_ADDR_LIST: "127.0.0.1",
      EPICS_PVA_AUTO_ADDR_LIST: "NO",
      EPICS_PVA_SERVER_PORT: `${server}`,
      EPICS_PVA_BROADCAST_PORT: `${search}`,
    },
    command: (command) => child.stdin.write(`${JSON.stringify(command)}\n`),
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      await exited;
    },
  };
}
