import { execFile } from "node:child_process";
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { getContext, shutdownAll } from "cerulean/epics";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CIoc } from "./support/c-ioc.ts";
import { type P4pServer, startP4pServer } from "./support/p4p-server.ts";
import { serverEnvironment } from "./support/server-environment.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const ELEMENTS = 20_000;

let ioc: CIoc;
let server: P4pServer;
let repeater: Socket;
const registrations: Buffer[] = [];

beforeAll(async () => {
  repeater = createSocket("udp4").on("message", (message) => registrations.push(message));
  repeater.bind(0);
  [ioc, server] = await Promise.all([
    CIoc.start(`record(longout, "e:n") { field(VAL, "3") field(PINI, "YES") }
record(waveform, "e:w") { field(FTVL, "DOUBLE") field(NELM, "${ELEMENTS}") }
record(waveform, "e:part") { field(FTVL, "DOUBLE") field(NELM, "${ELEMENTS}") }`),
    startP4pServer({ "e:n": ["i", 4] }),
    once(repeater, "listening"),
  ]);
  await using wave = getContext(ioc.context).channel("ca://e:w");
  await wave.put(new Float64Array(ELEMENTS));
  await using part = getContext(ioc.context).channel("ca://e:part");
  await part.put(new Float64Array(3));
});
afterAll(async () => {
  await shutdownAll({ force: true });
  repeater?.close();
  await ioc?.stop();
  await server?.[Symbol.asyncDispose]();
});

/** What a process of its own with these variables and no others of EPICS gets of a PV: its value or the first line of its error. */
async function got(name: string, variables: Record<string, string>, options: object = {}): Promise<string> {
  return told(
    name,
    "channel.get({ timeoutMs: 3_000 }).then((value) => tell(value.length ?? value), tell);",
    variables,
    options,
  );
}

/** What such a process tells first of the channel. */
async function told(
  name: string,
  what: string,
  variables: Record<string, string>,
  options: object = {},
): Promise<string> {
  const script = `import { getContext } from "cerulean/epics";
const channel = getContext(${JSON.stringify(options)}).channel(${JSON.stringify(name)});
const tell = (outcome) => { console.log(String(outcome)); process.exit(0); };
${what}`;
  const env = { ...serverEnvironment(), EPICS_CA_AUTO_ADDR_LIST: "NO", EPICS_PVA_AUTO_ADDR_LIST: "NO", ...variables };
  const run = promisify(execFile);
  return (await run(process.execPath, ["--input-type=module", "-e", script], { cwd: root, env })).stdout.trim();
}

describe("EPICS variables of a process that are honoured", () => {
  it("are address lists, with ports in them", async () => {
    const { ca, pvaSearch } = ioc.ports;
    expect(await got("ca://e:n", { EPICS_CA_ADDR_LIST: `127.0.0.1:${ca}` })).toBe("3");
    expect(await got("pva://e:n", { EPICS_PVA_ADDR_LIST: `127.0.0.1:${pvaSearch}` })).toBe("3");
  });

  it("are the ports of servers and of searches", async () => {
    const { ca, pvaSearch } = ioc.ports;
    expect(await got("ca://e:n", { EPICS_CA_ADDR_LIST: "127.0.0.1", EPICS_CA_SERVER_PORT: `${ca}` })).toBe("3");
    const variables = { EPICS_PVA_ADDR_LIST: "127.0.0.1", EPICS_PVA_BROADCAST_PORT: `${pvaSearch}` };
    expect(await got("pva://e:n", variables)).toBe("3");
  });

  it("are name servers, without any search by broadcast", async () => {
    expect(await got("ca://e:n", { EPICS_CA_NAME_SERVERS: `127.0.0.1:${ioc.ports.ca}` })).toBe("3");
    const { EPICS_PVA_SERVER_PORT: port } = server.environment;
    expect(await got("pva://e:n", { EPICS_PVA_NAME_SERVERS: `127.0.0.1:${port}` })).toBe("4");
    expect(await got("pva://e:n", { EPICS_PVA_NAME_SERVERS: "127.0.0.1", EPICS_PVA_SERVER_PORT: `${port}` })).toBe("4");
  });

  it("are the bounds of an array over Channel Access, or none", async () => {
    const address = { EPICS_CA_ADDR_LIST: "127.0.0.1", EPICS_CA_SERVER_PORT: `${ioc.ports.ca}` };
    const bounded = { ...address, EPICS_CA_MAX_ARRAY_BYTES: "16384", EPICS_CA_AUTO_ARRAY_BYTES: "NO" };
    expect(await got("ca://e:w", address)).toBe(`${ELEMENTS}`);
    const refused =
      /Error: ca:\/\/e:w .*up to 1600\d\d bytes .* more than the 16408 that EPICS_CA_MAX_ARRAY_BYTES allows/;
    expect(await got("ca://e:w", bounded)).toMatch(refused);
    const follow = "channel.subscribe(({ value }) => tell(value.length), { onError: tell, hold: true });";
    expect(await told("ca://e:w", follow, bounded)).toMatch(refused);
    expect(await got("ca://e:part", bounded)).toBe("3");
    expect(await told("ca://e:part", follow, bounded)).toBe("3");
    expect(await got("ca://e:w.NELM", bounded)).toBe(`${ELEMENTS}`);
  });

  it("are the port of the repeater, which the client registers at", async () => {
    const { port } = repeater.address();
    const variables = { EPICS_CA_ADDR_LIST: `127.0.0.1:${ioc.ports.ca}`, EPICS_CA_REPEATER_PORT: `${port}` };
    expect(await got("ca://e:n", variables)).toBe("3");
    await expect.poll(() => registrations.length, { timeout: 5_000 }).toBeGreaterThan(0);
  });

  it("stand behind the options of a context", async () => {
    const { ca, pva, pvaSearch } = ioc.ports;
    const right = { ...ioc.environment };
    const nowhere = { EPICS_CA_ADDR_LIST: "127.0.0.1:1", EPICS_PVA_ADDR_LIST: "127.0.0.1:1" };
    const there = {
      addrList: ["127.0.0.1"],
      ca: { serverPort: ca },
      pva: { serverPort: pva, broadcastPort: pvaSearch },
    };
    const elsewhere = { ca: { addrList: ["127.0.0.1:1"] }, pva: { addrList: ["127.0.0.1:1"] } };
    const all = ["ca://e:n", "pva://e:n"].map(async (name) => [
      await got(name, nowhere, there),
      await got(name, right, elsewhere),
    ]);
    for (const [found, missed] of await Promise.all(all)) {
      expect(found).toBe("3");
      expect(missed).toMatch(/^NotConnectedError: (ca|pva):\/\/e:n was not found/);
    }
  });
});
