import { spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { ContextOptions } from "cerulean/epics";
import { python } from "./python.ts";

export interface CaprotoIoc extends AsyncDisposable {
  /** What a context needs to find this IOC and no other. */
  readonly context: ContextOptions;
  readonly caPort: number;
  /** Lines that it has written to its standard output since it was ready. */
  readonly told: readonly string[];
}

/** Starts a server made with caproto, a script of this folder; resolves when it says that it is `ready`. */
export async function startCaproto(file: string): Promise<CaprotoIoc> {
  const script = fileURLToPath(new URL(file, import.meta.url));
  const port = await freePort();
  const child = spawn(await python(), [script], {
    env: { ...process.env, EPICS_CA_SERVER_PORT: `${port}`, EPICS_CAS_BEACON_ADDR_LIST: "127.0.0.1" },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  const exited = once(child, "exit");
  const told: string[] = [];
  const lines = createInterface({ input: child.stdout });
  const served = once(lines, "line").then(([line]) => line === "ready");
  lines.on("line", (line) => line === "ready" || told.push(line));
  if (!(await Promise.race([served, exited.then(() => false)]))) throw new Error(`caproto did not start:\n${errors}`);
  return {
    caPort: port,
    told,
    context: { addrList: ["127.0.0.1"], autoAddrList: false, ca: { serverPort: port } },
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      await exited;
    },
  };
}

async function freePort(): Promise<number> {
  const socket = createSocket("udp4");
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return port;
}
