import { spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { ContextOptions } from "cerulean/epics";
import { python } from "./python.ts";

export interface CaprotoMotor extends AsyncDisposable {
  /** What a context needs to find this IOC and no other. */
  readonly context: ContextOptions;
  readonly caPort: number;
}

/** Starts caproto's fake motors, a motor record that is neither ours nor EPICS base's; resolves when it serves. */
export function startCaprotoMotor(): Promise<CaprotoMotor> {
  return startCaproto("caproto-motor.py");
}

/** Starts the motor record whose axis misbehaves on command, `t:m` and `t:fault`. */
export function startFaultyMotor(): Promise<CaprotoMotor> {
  return startCaproto("faulty-motor.py");
}

async function startCaproto(file: string): Promise<CaprotoMotor> {
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
  const served = once(createInterface({ input: child.stdout }), "line").then(([line]) => line === "ready");
  if (!(await Promise.race([served, exited.then(() => false)]))) throw new Error(`caproto did not start:\n${errors}`);
  return {
    caPort: port,
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
