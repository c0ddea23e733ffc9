import { Child } from "../child.ts";
import { freePort } from "../free-port.ts";
import { nativeBinary } from "../package-file.ts";

const READY_MS = 20_000;

export interface Beamline {
  readonly description: string;
  stop(): Promise<void>;
}

/** Resolves once the mini-beamline serves on free loopback ports, and points this process's EPICS clients at it alone. */
export async function startBeamline(): Promise<Beamline> {
  const ports = ["--ca-port", "0", "--pva-port", "0", "--interface", "127.0.0.1"];
  const child = new Child("the mini-beamline IOC", nativeBinary("cerulean-ioc"), ports, { watchesStdin: true });
  const [ca, pva, search] = await child.line((line) => {
    const match = /^ready ca=(\d+) pva=(\d+) pva-search=(\d+)/.exec(line);
    return match === null ? undefined : [match[1] ?? "", match[2] ?? "", match[3] ?? ""];
  }, READY_MS);
  Object.assign(process.env, {
    EPICS_CA_ADDR_LIST: "127.0.0.1",
    EPICS_CA_AUTO_ADDR_LIST: "NO",
    EPICS_CA_SERVER_PORT: ca,
    EPICS_CA_REPEATER_PORT: String(await freePort()),
    EPICS_PVA_ADDR_LIST: "127.0.0.1",
    EPICS_PVA_AUTO_ADDR_LIST: "NO",
    EPICS_PVA_SERVER_PORT: pva,
    EPICS_PVA_BROADCAST_PORT: search,
  });
  return {
    description: `EPICS records "mini:..." on loopback, CA port ${ca}, PVA port ${pva} (search port ${search})`,
    stop: () => child.stop(),
  };
}
