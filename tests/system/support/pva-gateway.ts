import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { ContextOptions } from "cerulean/epics";
import { type CIocPorts, freePorts } from "./c-ioc.ts";
import { python } from "./python.ts";

/** p4p's gateway before a server on loopback: its clients find the gateway, which finds the server. It ends with this process. */
export class PvaGateway {
  readonly #ports: CIocPorts;
  readonly #behind: CIocPorts;
  readonly #folder = mkdtempSync(join(tmpdir(), "cerulean-gateway-"));
  #child: ChildProcess | undefined;

  private constructor(behind: CIocPorts, ports: CIocPorts) {
    this.#behind = behind;
    this.#ports = ports;
  }

  /** Resolves when it serves, on ports of its own. */
  static async start(behind: CIocPorts): Promise<PvaGateway> {
    const gateway = new PvaGateway(behind, await freePorts());
    await gateway.restart();
    return gateway;
  }

  /** What a context needs to find the gateway and nothing else. */
  get context(): ContextOptions {
    const { pva, pvaSearch } = this.#ports;
    return {
      addrList: ["127.0.0.1"],
      autoAddrList: false,
      pva: { serverPort: pva, broadcastPort: pvaSearch },
    };
  }

  /** As a crash would end it. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  }

  async restart(): Promise<void> {
    const file = join(this.#folder, "gateway.conf");
    const loopback = { autoaddrlist: false, interface: ["127.0.0.1"] };
    const { pva, pvaSearch } = this.#ports;
    const clients = [
      {
        name: "behind",
        provider: "pva",
        autoaddrlist: false,
        addrlist: "127.0.0.1",
        bcastport: this.#behind.pvaSearch,
      },
    ];
    const servers = [
      {
        name: "before",
        clients: ["behind"],
        ...loopback,
        addrlist: "",
        serverport: pva,
        bcastport: pvaSearch,
        statusprefix: "gw:",
      },
    ];
    writeFileSync(file, JSON.stringify({ version: 2, clients, servers }));
    const run = `import os, sys, threading
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
from p4p.gw import main
sys.argv = ["pvagw", "-v", ${JSON.stringify(file)}]
main()`;
    const child = spawn(await python(), ["-u", "-c", run], { stdio: ["pipe", "pipe", "pipe"] });
    this.#child = child;
    let told = "";
    const served = new Promise<void>((resolve, reject) => {
      for (const stream of [child.stdout, child.stderr]) {
        createInterface({ input: stream }).on("line", (line) => {
          told += `${line}\n`;
          if (line.includes("Server effective configuration")) resolve();
        });
      }
      child.once("exit", (code) => reject(new Error(`the gateway ended with ${code}:\n${told}`)));
    });
    await served;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
