import { type Context, type ContextOptions, getContext, shutdownAll, WriteAccessError } from "cerulean/epics";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CIoc } from "./support/c-ioc.ts";
import { FlightCounter } from "./support/flight-counter.ts";

const USER = "ada-of-the-beamline";
const HOST = "console-of-ada";
const RULES = `UAG(users) { "${USER}" }
HAG(hosts) { "${HOST}" }
ASG(DEFAULT) { RULE(1, READ) }
ASG(BOTH) { RULE(1, READ) RULE(1, WRITE) { UAG(users) HAG(hosts) } }
ASG(USER) { RULE(1, READ) RULE(1, WRITE) { UAG(users) } }`;
const RECORDS = `record(longout, "i:both") { field(ASG, "BOTH") field(PINI, "YES") }
record(longout, "i:user") { field(ASG, "USER") field(PINI, "YES") }`;

describe("the user and host name of a context", () => {
  let ioc: CIoc;
  let between: FlightCounter;
  const sent = { ca: "", pva: "" };

  beforeAll(async () => {
    ioc = await CIoc.start(RECORDS, { acf: RULES });
    between = await FlightCounter.start(ioc.ports, (bytes, pass, towards) => {
      const protocol = bytes[0] === 0xca ? "pva" : "ca";
      if (towards === "server") sent[protocol] += bytes.toString("latin1");
      pass(bytes);
    });
  });
  afterAll(async () => {
    await shutdownAll({ force: true });
    await between?.stop();
    await ioc?.stop();
  });

  const as = (options: ContextOptions): Context => getContext({ ...ioc.context, ...options });
  const put = async (context: Context, pv: string) => {
    await using channel = context.channel(pv);
    await channel.connect();
    await channel.put(1);
  };

  it("are what a C IOC grants access by over Channel Access", async () => {
    await put(as({ user: USER, host: HOST }), "ca://i:both");
    await expect(put(as({ user: "eve", host: HOST }), "ca://i:both")).rejects.toThrow(WriteAccessError);
    await expect(put(as({ user: USER, host: "elsewhere" }), "ca://i:both")).rejects.toThrow(WriteAccessError);
    await put(as({ user: USER, host: "elsewhere" }), "ca://i:user");
  });

  it("are so over pvAccess as far as the user goes: hosts are known there by their address", async () => {
    await put(as({ user: USER, host: HOST }), "pva://i:user");
    await expect(put(as({ user: "eve", host: HOST }), "pva://i:user")).rejects.toThrow(WriteAccessError);
  });

  it.each(["ca", "pva"] as const)("are both sent over %s", async (protocol) => {
    const context = getContext({ ...between.context, user: USER, host: HOST });
    await put(context, `${protocol}://i:user`);
    expect(sent[protocol]).toContain(USER);
    expect(sent[protocol]).toContain(HOST);
  });
});
