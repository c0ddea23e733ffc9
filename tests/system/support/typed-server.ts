import { spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { freePort } from "../../../src/cli/free-port.ts";
import { python } from "./python.ts";

export interface TypedServer extends AsyncDisposable {
  /** What a process needs to find this server and no other. */
  readonly environment: Record<string, string>;
}

/** Starts a p4p server with a PV of each normative type; resolves when it serves. */
export async function startTypedServer(): Promise<TypedServer> {
  const environment = {
    EPICS_PVA_SERVER_PORT: `${await freePort()}`,
    EPICS_PVA_BROADCAST_PORT: `${await freeUdpPort()}`,
    EPICS_PVA_ADDR_LIST: "127.0.0.1",
    EPICS_PVA_AUTO_ADDR_LIST: "NO",
    EPICS_PVAS_INTF_ADDR_LIST: "127.0.0.1",
  };
  const script = fileURLToPath(new URL("typed-server.py", import.meta.url));
  const child = spawn(await python(), [script], {
    env: { ...process.env, ...environment },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  const served = once(createInterface({ input: child.stdout }), "line").then(([line]) => line === "ready");
  if (!(await Promise.race([served, exited.then(() => false)]))) throw new Error("the p4p server did not start");
  return {
    environment,
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      await exited;
    },
  };
}

async function freeUdpPort(): Promise<number> {
  const socket = createSocket("udp4");
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  const { port } = socket.address();
  socket.close();
  await once(socket, "close");
  return port;
}
