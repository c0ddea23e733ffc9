import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { ContextOptions } from "cerulean/epics";
import { freeze } from "./frozen.ts";
import { python } from "./python.ts";
import { serverEnvironment } from "./server-environment.ts";

/** A p4p server on loopback ports of its own; it ends with this process. */
export interface P4pServer extends AsyncDisposable {
  /** What a context needs to find this server and no other. */
  readonly context: ContextOptions;
  /** The same for a process of its own. */
  readonly environment: Readonly<Record<string, string>>;
  readonly pid: number;
  /** It hangs until SIGCONT. Resolves when all its threads stand. */
  freeze(): Promise<void>;
  thaw(): void;
  /** As a crash would end it, also while it hangs. */
  kill(): Promise<void>;
  /** Posts 1 to `count` as fast as it can; resolves when the last is posted. */
  burst(pv: string, count: number): Promise<void>;
  /** Posts that many frames of this shape at this rate; resolves when the last is posted. */
  frames(pv: string, shape: readonly number[], rateHz: number, count: number): Promise<void>;
}

/** A type code of p4p's, `enum`, `ndarray`, `table`, `frame` or `refusing`, which no put reaches, and the first value where it is to have one. */
export type Served = string | readonly [code: string, initial: unknown];

/** Serves PVs by name; with `former` on the ports of an earlier server that has ended. */
export async function startP4pServer(pvs: Readonly<Record<string, Served>>, former?: P4pServer): Promise<P4pServer> {
  const script = fileURLToPath(new URL("p4p-server.py", import.meta.url));
  const child = spawn(await python(), [script, JSON.stringify(pvs)], {
    env: {
      ...serverEnvironment(),
      EPICS_PVAS_INTF_ADDR_LIST: "127.0.0.1",
      EPICS_PVA_ADDR_LIST: "127.0.0.1",
      EPICS_PVA_AUTO_ADDR_LIST: "NO",
      EPICS_PVA_SERVER_PORT: "0",
      EPICS_PVA_BROADCAST_PORT: "0",
      ...former?.environment,
    },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<string> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error("the p4p server ended");
    return value;
  };
  const served: Record<string, string> = JSON.parse(await next());
  const { EPICS_PVA_SERVER_PORT: port = "", EPICS_PVA_BROADCAST_PORT: search = "" } = served;
  const run = async (...command: readonly unknown[]) => {
    child.stdin.write(`${JSON.stringify(command)}\n`);
    await next();
  };
  return {
    context: {
      addrList: ["127.0.0.1"],
      autoAddrList: false,
      pva: { serverPort: Number(port), broadcastPort: Number(search) },
    },
    environment: {
      EPICS_PVA_ADDR_LIST: "127.0.0.1",
      EPICS_PVA_AUTO_ADDR_LIST: "NO",
      EPICS_PVA_SERVER_PORT: port,
      EPICS_PVA_BROADCAST_PORT: search,
    },
    pid: child.pid ?? 0,
    freeze: () => freeze(child.pid ?? 0),
    thaw: () => void child.kill("SIGCONT"),
    async kill() {
      child.kill("SIGKILL");
      await exited;
    },
    burst: (pv, count) => run("burst", pv, count),
    frames: (pv, shape, rateHz, count) => run("frames", pv, shape, rateHz, count),
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      await exited;
    },
  };
}
