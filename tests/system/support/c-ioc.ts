import { type ChildProcess, spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ContextOptions } from "cerulean/epics";
import { freeze } from "./frozen.ts";
import { python } from "./python.ts";
import { serverEnvironment } from "./server-environment.ts";

export interface CIocOptions {
  /** Ports of an earlier IOC that this one takes the place of. */
  readonly ports?: CIocPorts;
  /** Access security rules. */
  readonly acf?: string;
  /** What serves its records over pvAccess: QSRV on pvAccessCPP by default, or QSRV2 on pvxs. */
  readonly pva?: "pvAccessCPP" | "pvxs";
}

export interface CIocPorts {
  readonly ca: number;
  readonly pva: number;
  readonly pvaSearch: number;
  readonly repeater: number;
}

const PVXS = `import os, pvxslibs.path
os.environ["PVXS_QSRV_ENABLE"] = "YES"
servers = ((("pvxsIoc.dbd", pvxslibs.path.dbd_path),), ("pvxslibs.lib.pvxsIoc",))
`;

/** A C IOC (EPICS base with QSRV: CA and PVA) on loopback ports of its own. It ends with this process, however that ends. */
export class CIoc {
  readonly ports: CIocPorts;
  #database: string;
  readonly #acf: string | undefined;
  readonly #servers: string;
  readonly #folder: string;
  #child: ChildProcess | undefined;

  private constructor(database: string, ports: CIocPorts, { acf, pva }: CIocOptions) {
    this.ports = ports;
    this.#database = database;
    this.#acf = acf;
    this.#servers = pva === "pvxs" ? PVXS : "servers = ()\n";
    this.#folder = mkdtempSync(join(tmpdir(), "cerulean-ioc-"));
  }

  /** Starts an IOC with these records and resolves when it serves. */
  static async start(database: string, options: CIocOptions = {}): Promise<CIoc> {
    const ioc = new CIoc(database, options.ports ?? (await freePorts()), options);
    await ioc.restart();
    return ioc;
  }

  /** What a context needs to find this IOC and no other. */
  get context(): ContextOptions {
    const { ca, pva, pvaSearch } = this.ports;
    return {
      addrList: ["127.0.0.1"],
      autoAddrList: false,
      ca: { serverPort: ca },
      pva: { serverPort: pva, broadcastPort: pvaSearch },
    };
  }

  /** The same for a process of its own. */
  get environment(): Record<string, string> {
    const { ca, pva, pvaSearch, repeater } = this.ports;
    return {
      EPICS_CA_SERVER_PORT: `${ca}`,
      EPICS_CA_REPEATER_PORT: `${repeater}`,
      EPICS_PVA_SERVER_PORT: `${pva}`,
      EPICS_PVA_BROADCAST_PORT: `${pvaSearch}`,
      EPICS_CA_ADDR_LIST: "127.0.0.1",
      EPICS_PVA_ADDR_LIST: "127.0.0.1",
      EPICS_CA_AUTO_ADDR_LIST: "NO",
      EPICS_PVA_AUTO_ADDR_LIST: "NO",
      EPICS_CAS_INTF_ADDR_LIST: "127.0.0.1",
      EPICS_PVAS_INTF_ADDR_LIST: "127.0.0.1",
    };
  }

  get pid(): number {
    return this.#running.pid ?? 0;
  }

  /** Starts it again on the same ports, with the same records or with others. */
  async restart(database = this.#database): Promise<void> {
    this.#database = database;
    const file = join(this.#folder, "records.db");
    writeFileSync(file, this.#database);
    const rules = join(this.#folder, "rules.acf");
    if (this.#acf !== undefined) writeFileSync(rules, this.#acf);
    const secured = this.#acf === undefined ? "" : `ioc.dbCore.asSetFilename(${JSON.stringify(rules)}.encode());`;
    const start = `${this.#servers}from epicscorelibs import ioc; ${secured} ioc.main(*servers)`;
    const child = spawn(await python(), ["-c", start, "-d", file], {
      env: { ...serverEnvironment(), ...this.environment },
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.#child = child;
    await served(child);
  }

  /** Runs a line of IOC shell. */
  shell(line: string): void {
    this.#running.stdin?.write(`ioc(${JSON.stringify(line)})\n`);
  }

  /** It hangs: its sockets stay open and nothing answers. Resolves when all its threads stand. */
  freeze(): Promise<void> {
    return freeze(this.pid);
  }

  thaw(): void {
    process.kill(this.pid, "SIGCONT");
  }

  /** As whoever looks after it would end it. */
  async exit(): Promise<void> {
    const gone = once(this.#running, "exit");
    this.#running.stdin?.end();
    await gone;
  }

  /** As a crash would end it, also while it hangs. */
  async kill(): Promise<void> {
    const child = this.#running;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  }

  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  get #running(): ChildProcess {
    if (this.#child === undefined) throw new Error("the IOC was not started");
    return this.#child;
  }
}

/** Its Python prompt answers after the servers have started, and ends with its standard input, which is ours. */
async function served(child: ChildProcess): Promise<void> {
  let output = "";
  const ready = new Promise<void>((resolve, reject) => {
    const heard = (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes("served-now")) resolve();
    };
    child.stdout?.on("data", heard);
    child.stderr?.on("data", heard);
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the C IOC ended at once with ${code}:\n${output}`)));
  });
  child.stdin?.write("print('served-' + 'now')\n");
  await ready;
}

/** Ports for one server of each protocol, free a moment ago. */
export async function freePorts(): Promise<CIocPorts> {
  const [ca, pva, pvaSearch, repeater] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
  return { ca, pva, pvaSearch, repeater };
}

/** A port that is free for TCP and UDP. */
async function freePort(): Promise<number> {
  const tcp = createServer().listen(0, "127.0.0.1");
  await once(tcp, "listening");
  const address = tcp.address();
  if (address === null || typeof address === "string") throw new Error("no free port");
  const udp = createSocket("udp4");
  const bound = await new Promise<boolean>((resolve) => {
    udp.once("error", () => resolve(false));
    udp.bind(address.port, "127.0.0.1", () => resolve(true));
  });
  await new Promise<void>((resolve) => udp.close(() => resolve()));
  await new Promise((resolve) => tcp.close(resolve));
  return bound ? address.port : freePort();
}
