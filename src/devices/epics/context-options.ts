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

const isText = (value: unknown): boolean => typeof value === "string";
const isPort = (value: unknown): boolean => Number.isInteger(value) && Number(value) > 0 && Number(value) < 2 ** 16;
const TAKES: Readonly<Record<string, readonly [is: (value: unknown) => boolean, what: string]>> = {
  addrList: [(value) => Array.isArray(value) && value.every(isText), 'an array of "host" or "host:port"'],
  nameServers: [(value) => Array.isArray(value) && value.every(isText), 'an array of "host" or "host:port"'],
  autoAddrList: [(value) => typeof value === "boolean", "true or false"],
  serverPort: [isPort, "a port from 1 to 65535"],
  broadcastPort: [isPort, "a port from 1 to 65535"],
  user: [isText, "a text"],
  host: [isText, "a text"],
};

function refuseWrong(options: object, where: string): void {
  for (const [name, value] of Object.entries(options)) {
    const [is, what] = TAKES[name] ?? [];
    if (value === undefined || is === undefined || is(value)) continue;
    throw new ContextOptionError(`${where}${name} is ${what}, not ${JSON.stringify(value)}`);
  }
}

/** The options as the addon takes them. Throws `ContextOptionError` for an unknown, a wrong and a process-wide one. */
export function addonOptions(options: ContextOptions): AddonContextOptions {
  const { ca = {}, pva = {} } = options;
  for (const [group, known, where] of [
    [options, KNOWN, ""],
    [ca, KNOWN_CA, "ca."],
    [pva, KNOWN_PVA, "pva."],
  ] as const) {
    refuseUnknown(group, known, where);
    refuseWrong(group, where);
  }
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
