import { createSocket } from "node:dgram";
import { createConnection } from "node:net";
import { parsePv } from "../../devices/epics/channel-source.ts";
import { type BulkResult, bulkGet } from "../../devices/epics/index.ts";
import { describeError } from "../describe-error.ts";
import { type Address, isLocal, type Protocol } from "./addresses.ts";
import { caSearch } from "./ca-search.ts";
import { error, type Finding, note, ok, warning } from "./finding.ts";
import { pvaSearch } from "./pva-search.ts";
import { searchAll } from "./search.ts";

const SEARCHES = { ca: caSearch, pva: pvaSearch } as const;
/** How long answers of further servers are awaited. */
const WINDOW_MS = 1_000;
const CONNECT_MS = 2_000;

/** Which servers answer for the PVs: none, one, or more than one, which is a beamline's worst day. */
export async function checkServers(
  pvs: readonly string[],
  addresses: Readonly<Record<Protocol, readonly Address[]>>,
  timeoutMs: number,
): Promise<Finding[]> {
  const readings = bulkGet(pvs, { form: "control", timeoutMs });
  const answered = new Map<string, string[]>();
  for (const protocol of ["ca", "pva"] as const) {
    const asked = pvs.filter((pv) => parsePv(pv).protocol === protocol);
    if (asked.length === 0) continue;
    // A modifier is for the server that has the record; each of them searches by the whole name.
    const names = asked.map((pv) => parsePv(pv).name);
    const found = await searchAll(SEARCHES[protocol], names, addresses[protocol], WINDOW_MS);
    for (const [at, pv] of asked.entries()) answered.set(pv, [...(found.get(names[at] ?? "")?.values() ?? [])]);
  }
  const read = await readings;
  return pvs.map((pv) => verdict(pv, answered.get(pv) ?? [], read.get(pv)));
}

function verdict(pv: string, servers: readonly string[], reading: BulkResult | undefined): Finding {
  if (servers.length > 1) {
    const hosts = servers.map((server) => server.replace(/:\d+$/, ""));
    const hint = hosts.every(isLocal)
      ? ""
      : " If it is one server, reached over two of its addresses, name one of them only in the address list.";
    const advice = `stop one of the IOCs or rename its records: which of them a client gets is chance.${hint}`;
    return error(pv, `${servers.length} servers answer for it: ${servers.join(" and ")}`, advice);
  }
  if (reading === undefined || "error" in reading) {
    const reason = reading === undefined ? "it was not read" : describeError(reading.error);
    const [server] = servers;
    if (server !== undefined) {
      const advice = `${server} answers searches: see whether a firewall lets TCP through to it, and whether the IOC is stuck`;
      return error(pv, reason, advice);
    }
    return error(pv, reason, "see whether the IOC runs, the name is right, and its host is among the addresses above");
  }
  const at = reading.metadata?.info.host ?? servers[0];
  return ok(pv, servers.length === 0 ? `is served by ${at}, found by other ways than UDP` : `is served by ${at} alone`);
}

/** The beacon repeater of Channel Access: clients share one, and each starts one when there is none. */
export async function checkRepeater(environment: NodeJS.ProcessEnv): Promise<Finding> {
  const port = Number(environment.EPICS_CA_REPEATER_PORT) || 5065;
  const socket = createSocket("udp4");
  const isFree = await new Promise<boolean>((resolve) => {
    socket.once("error", () => resolve(false));
    socket.bind({ port, exclusive: true }, () => resolve(true));
  });
  socket.close();
  if (isFree) return note("CA repeater", `none runs on port ${port}: the first client starts one of its own`);
  return ok("CA repeater", `one is on port ${port}`);
}

/** Whether the name servers take connections. */
export async function checkNameServers(environment: NodeJS.ProcessEnv): Promise<Finding[]> {
  const named = [
    ["EPICS_CA_NAME_SERVERS", 5064],
    ["EPICS_PVA_NAME_SERVERS", 5075],
  ] as const;
  return Promise.all(
    named.flatMap(([variable, usual]) =>
      (environment[variable] ?? "")
        .split(/\s+/)
        .filter(Boolean)
        .map(async (entry) => {
          const [host = "", port = usual] = entry.split(":");
          const refusal = await refusalOf(host, Number(port));
          if (refusal === undefined) return ok(variable, `${entry} takes connections`);
          return warning(variable, `${entry} can't be reached: ${refusal}`, "start it, or take it out of the list");
        }),
    ),
  );
}

function refusalOf(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = createConnection({ host, port, timeout: CONNECT_MS });
    const end = (refusal?: string): void => {
      socket.destroy();
      resolve(refusal);
    };
    socket.once("connect", () => end()).once("error", (cause) => end(cause.message));
    socket.once("timeout", () => end(`no answer within ${CONNECT_MS} ms`));
  });
}
