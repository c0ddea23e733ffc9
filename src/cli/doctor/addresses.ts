import { lookup } from "node:dns/promises";
import { type NetworkInterfaceInfo, networkInterfaces } from "node:os";
import { error, type Finding, note } from "./finding.ts";

export type Protocol = "ca" | "pva";

/** Where a search goes. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

const NAMES = { ca: "Channel Access", pva: "pvAccess" } as const;

/** Where the searches of one protocol go by the environment, with what is wrong about it. */
export async function searchAddresses(
  protocol: Protocol,
  environment: NodeJS.ProcessEnv,
): Promise<{ addresses: Address[]; findings: Finding[] }> {
  const prefix = protocol === "ca" ? "EPICS_CA" : "EPICS_PVA";
  const port = portOf(environment[protocol === "ca" ? "EPICS_CA_SERVER_PORT" : "EPICS_PVA_BROADCAST_PORT"], protocol);
  const findings: Finding[] = [];
  const addresses: Address[] = [];
  for (const entry of (environment[`${prefix}_ADDR_LIST`] ?? "").split(/\s+/).filter(Boolean)) {
    const [name = "", itsPort] = entry.split(":");
    const address = await lookup(name, 4).catch(() => undefined);
    if (address !== undefined)
      addresses.push({ host: address.address, port: itsPort === undefined ? port : Number(itsPort) });
    else {
      const advice = `correct ${prefix}_ADDR_LIST, or give the IP address`;
      findings.push(error(`${NAMES[protocol]} search`, `no host has the name ${name}`, advice));
    }
  }
  if (!/^no$/i.test(environment[`${prefix}_AUTO_ADDR_LIST`]?.trim() ?? "")) {
    for (const host of broadcasts()) addresses.push({ host, port });
  }
  const nameServers = environment[`${prefix}_NAME_SERVERS`] ?? "";
  const each = new Map(addresses.map((address) => [`${address.host}:${address.port}`, address]));
  const shown = [...each.keys()];
  if (shown.length === 0 && nameServers.trim() === "") {
    const advice = `set ${prefix}_ADDR_LIST to the hosts of your IOCs, or ${prefix}_AUTO_ADDR_LIST to YES`;
    findings.push(
      error(`${NAMES[protocol]} search`, "it goes nowhere: no address is given, and no broadcast is allowed", advice),
    );
  } else {
    findings.push(note(`${NAMES[protocol]} search`, `goes to ${[...shown, nameServers].filter(Boolean).join(", ")}`));
  }
  return { addresses: [...each.values()], findings };
}

export function isLocal(host: string): boolean {
  return host.startsWith("127.") || interfaces().some(({ address }) => address === host);
}

function portOf(value: string | undefined, protocol: Protocol): number {
  const port = Number(value);
  return port > 0 && port < 65_536 ? port : protocol === "ca" ? 5064 : 5076;
}

function interfaces(): NetworkInterfaceInfo[] {
  return Object.values(networkInterfaces())
    .flatMap((infos) => infos ?? [])
    .filter(({ family }) => family === "IPv4");
}

/** The broadcast address of each network that this host is in; loopback, where there is none, by its own address. */
function broadcasts(): string[] {
  return interfaces().map(({ address, netmask, internal }) => {
    if (internal) return address;
    const [ip, mask] = [address, netmask].map((text) => text.split(".").map(Number));
    return (ip ?? []).map((byte, at) => (byte & (mask?.[at] ?? 0)) | (~(mask?.[at] ?? 0) & 255)).join(".");
  });
}
