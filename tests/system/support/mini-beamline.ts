import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { ContextOptions } from "cerulean/epics";

const binary = fileURLToPath(new URL("../../../native/cerulean-ioc", import.meta.url));
const READY = /^ready ca=(\d+) pva=(\d+) pva-search=(\d+)$/;

/** A running mini-beamline on loopback ports of its own. */
export interface MiniBeamline {
  /** What an EPICS client's environment needs to find this IOC and no other. */
  readonly env: Readonly<Record<string, string>>;
  /** The same for a context. */
  readonly context: ContextOptions;
  /** Channel Access: TCP, and UDP for searches. */
  readonly caPort: number;
  /** pvAccess: TCP, and UDP for searches. */
  readonly pvaPort: number;
  readonly process: ChildProcess;
  /** Ends the IOC and resolves when its process is gone. */
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Starts the IOC and resolves when it serves; rejects with what it printed when it does not come up. It ends with this
 * process, however that ends, because it holds the other end of its standard input.
 */
export async function startMiniBeamline(
  options: { caPort?: number; pvaPort?: number; prefix?: string } = {},
): Promise<MiniBeamline> {
  if (!existsSync(binary)) throw new Error(`${binary} is not built: run npm run setup`);
  const { caPort = 0, pvaPort = 0, prefix = "mini:" } = options;
  const args = ["--ca-port", `${caPort}`, "--pva-port", `${pvaPort}`, "--interface", "127.0.0.1", "--prefix", prefix];
  const child = spawn(binary, args, { stdio: ["pipe", "pipe", "pipe"], detached: true });
  const exited = once(child, "exit");
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  const ready = await Promise.race([
    once(createInterface({ input: child.stdout }), "line").then(([line]) => READY.exec(String(line))),
    exited.then(() => null),
  ]);
  if (ready === null) {
    child.kill("SIGKILL");
    throw new Error(`the mini-beamline did not start:\n${errors}`);
  }
  const [ca, pva] = ready.slice(1).map(Number) as [number, number];
  const stop = async () => {
    child.stdin.end();
    await exited;
  };
  return {
    env: clientEnvironment(ca, pva),
    context: {
      addrList: ["127.0.0.1"],
      autoAddrList: false,
      ca: { serverPort: ca },
      pva: { serverPort: pva, broadcastPort: pva },
    },
    caPort: ca,
    pvaPort: pva,
    process: child,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function clientEnvironment(ca: number, pva: number): Record<string, string> {
  return {
    EPICS_CA_ADDR_LIST: "127.0.0.1",
    EPICS_CA_AUTO_ADDR_LIST: "NO",
    EPICS_CA_SERVER_PORT: `${ca}`,
    EPICS_PVA_ADDR_LIST: "127.0.0.1",
    EPICS_PVA_AUTO_ADDR_LIST: "NO",
    EPICS_PVA_SERVER_PORT: `${pva}`,
    EPICS_PVA_BROADCAST_PORT: `${pva}`,
  };
}
