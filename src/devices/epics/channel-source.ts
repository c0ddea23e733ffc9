import type { Channel } from "./channel.ts";

/** What signals use of a channel. */
export type SignalChannel = Pick<
  Channel,
  | "source"
  | "connected"
  | "connection"
  | "connectAndPrefetch"
  | "get"
  | "read"
  | "metadata"
  | "put"
  | "subscribe"
  | "onConnection"
  | "close"
>;

/** Where signals get their channels: an EPICS context, or a stand-in in tests. */
export interface ChannelSource {
  channel(name: string): SignalChannel;
}

/** The protocol that a PV name asks for: `pva://X`, `ca://X`, or a bare name for Channel Access. */
export function protocolOf(pv: string): "ca" | "pva" {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(pv)?.[1];
  if (scheme === undefined || scheme === "ca") return "ca";
  if (scheme === "pva") return "pva";
  throw new TypeError(`${pv}: there is no protocol "${scheme}"; use ca:// or pva://`);
}

/** `X` as `ca://X`; a name with its protocol stays as it is. */
export function sourceOf(pv: string): string {
  protocolOf(pv);
  return pv.includes("://") ? pv : `ca://${pv}`;
}

/** The protocol and the bare name of a PV. */
export function parsePv(pv: string): { readonly protocol: "ca" | "pva"; readonly name: string } {
  const protocol = protocolOf(pv);
  const name = pv.includes("://") ? pv.slice(pv.indexOf("://") + 3) : pv;
  if (name === "") throw new TypeError(`${JSON.stringify(pv)} names no PV`);
  return { protocol, name };
}
