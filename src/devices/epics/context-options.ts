import { ContextOptionError } from "./errors.ts";
import type { AddonContextOptions } from "./native.ts";

/** How one protocol looks for its PVs. What is left out comes from the environment variables of the protocol. */
export interface ProtocolOptions {
  /** Where to search: `host` or `host:port`. */
  readonly addrList?: readonly string[];
  /** Whether the broadcast addresses of all interfaces are searched too. */
  readonly autoAddrList?: boolean;
  readonly serverPort?: number;
  readonly nameServers?: readonly string[];
}

export interface PvaOptions extends ProtocolOptions {
  /** The UDP port of searches. */
  readonly broadcastPort?: number;
}

/** `addrList` and `autoAddrList` are for both protocols, unless `ca` or `pva` says otherwise. */
export interface ContextOptions {
  readonly addrList?: readonly string[];
  readonly autoAddrList?: boolean;
  readonly ca?: ProtocolOptions;
  readonly pva?: PvaOptions;
  /** What servers are told about this client, for their access rules; the account's and the machine's names by default. */
  readonly user?: string;
  readonly host?: string;
}

// The crates read these once for the whole process.
const PROCESS_WIDE: Readonly<Record<string, string>> = {
  connectionTimeoutMs: "EPICS_CA_CONN_TMO and EPICS_PVA_CONN_TMO",
  maxArrayBytes: "EPICS_CA_MAX_ARRAY_BYTES",
  repeaterPort: "EPICS_CA_REPEATER_PORT",
};

const KNOWN = ["addrList", "autoAddrList", "ca", "pva", "user", "host"];
const KNOWN_CA = ["addrList", "autoAddrList", "serverPort", "nameServers"];
const KNOWN_PVA = [...KNOWN_CA, "broadcastPort"];

function refuseUnknown(options: object, known: readonly string[], where: string): void {
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    const variables = PROCESS_WIDE[name];
    throw new ContextOptionError(
      variables === undefined
        ? `there is no context option ${where}${name}; known are ${known.join(", ")}`
        : `${where}${name} holds for the whole process: set ${variables} in its environment instead`,
    );
  }
}

/** The options as the addon takes them. Throws `ContextOptionError` for an unknown and for a process-wide one. */
export function addonOptions(options: ContextOptions): AddonContextOptions {
  const { ca = {}, pva = {} } = options;
  refuseUnknown(options, KNOWN, "");
  refuseUnknown(ca, KNOWN_CA, "ca.");
  refuseUnknown(pva, KNOWN_PVA, "pva.");
  const list = (entries: readonly string[] | undefined) => (entries === undefined ? undefined : [...entries]);
  const all = {
    caAddrList: list(ca.addrList ?? options.addrList),
    caAutoAddrList: ca.autoAddrList ?? options.autoAddrList,
    caServerPort: ca.serverPort,
    caNameServers: list(ca.nameServers),
    pvaAddrList: list(pva.addrList ?? options.addrList),
    pvaAutoAddrList: pva.autoAddrList ?? options.autoAddrList,
    pvaBroadcastPort: pva.broadcastPort,
    pvaServerPort: pva.serverPort,
    pvaNameServers: list(pva.nameServers),
    user: options.user,
    host: options.host,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}
