import { createSocket } from "node:dgram";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { searchAddresses } from "../../../src/cli/doctor/addresses.ts";
import { caSearch } from "../../../src/cli/doctor/ca-search.ts";
import { error, exitCodeOf, note, ok, warning } from "../../../src/cli/doctor/finding.ts";
import { isAtLeast } from "../../../src/cli/doctor/programs.ts";
import { pvaSearch } from "../../../src/cli/doctor/pva-search.ts";
import { checkNameServers, checkRepeater } from "../../../src/cli/doctor/servers.ts";
import { checkVariables } from "../../../src/cli/doctor/variables.ts";

describe("the variables of EPICS", () => {
  it("are told with their meaning, and judged", () => {
    const findings = checkVariables({
      EPICS_CA_ADDR_LIST: "ioc1 10.0.0.5:5070",
      EPICS_PVA_ADDR_LIST: "ioc1,ioc2",
      EPICS_CA_AUTO_ADDR_LIST: "perhaps",
      EPICS_CA_SERVER_PORT: "50640000",
      EPICS_CA_CONN_TMO: "soon",
      EPICS_CA_ADDR_LIT: "ioc1",
      EPICS_CAS_INTF_ADDR_LIST: "127.0.0.1",
      HOME: "/",
    });
    expect(Object.fromEntries(findings.map(({ what, level }) => [what, level]))).toEqual({
      EPICS_CA_ADDR_LIST: "note",
      EPICS_CA_ADDR_LIT: "warning",
      EPICS_CA_AUTO_ADDR_LIST: "error",
      EPICS_CA_CONN_TMO: "error",
      EPICS_CA_SERVER_PORT: "error",
      EPICS_CAS_INTF_ADDR_LIST: "note",
      EPICS_PVA_ADDR_LIST: "error",
    });
    const told = JSON.stringify(findings);
    expect(told).toContain("where Channel Access searches");
    expect(told).toContain("entries are separated by spaces");
    expect(told).toContain("if EPICS_CA_ADDR_LIST is meant, rename it");
    for (const { level, advice } of findings) {
      if (level === "warning" || level === "error") expect(advice).not.toBe(undefined);
    }
  });

  it("say that nothing is set", () => {
    expect(checkVariables({})).toEqual([expect.objectContaining({ level: "note", what: "environment" })]);
  });
});

describe("the addresses of a search", () => {
  it("come from the list, with ports of their own", async () => {
    const environment = { EPICS_PVA_ADDR_LIST: "127.0.0.1 127.0.0.1:7 127.0.0.1", EPICS_PVA_AUTO_ADDR_LIST: "no" };
    const { addresses, findings } = await searchAddresses("pva", environment);
    expect(addresses).toEqual([
      { host: "127.0.0.1", port: 5076 },
      { host: "127.0.0.1", port: 7 },
    ]);
    expect(findings).toEqual([note("pvAccess search", "goes to 127.0.0.1:5076, 127.0.0.1:7")]);
  });

  it("are an error when there are none, or a name has no host", async () => {
    const nowhere = await searchAddresses("ca", { EPICS_CA_AUTO_ADDR_LIST: "NO" });
    expect(nowhere.findings[0]).toMatchObject({ level: "error", finding: expect.stringContaining("goes nowhere") });
    const unknown = await searchAddresses("ca", {
      EPICS_CA_ADDR_LIST: "no-such-host.invalid",
      EPICS_CA_SERVER_PORT: "x",
    });
    expect(unknown.findings[0]).toMatchObject({ level: "error", finding: "no host has the name no-such-host.invalid" });
    expect(unknown.addresses.every(({ port }) => port === 5064)).toBe(true);
  });
});

describe("search datagrams", () => {
  const search = Buffer.from("000600080fa0000d7f000002000000030000000000000000", "hex");

  it("of Channel Access: the answer's own address, else the sender's", () => {
    expect(caSearch.answers(search, "10.1.1.1")).toEqual([
      { index: 3, id: "127.0.0.2:4000", address: "127.0.0.2:4000" },
    ]);
    const anywhere = Buffer.from(search);
    anywhere.writeUInt32BE(0xffff_ffff, 8);
    expect(caSearch.answers(anywhere, "10.1.1.1")[0]?.address).toBe("10.1.1.1:4000");
  });

  it("are taken as they come: cut ones and strangers' are no answer and no crash", () => {
    for (let length = 0; length < search.length; length++) caSearch.answers(search.subarray(0, length), "x");
    const pva = Buffer.from(
      `ca028004000000${"2f"}${"ab".repeat(12)}00000000${"00".repeat(16)}13d30374637001000100000005`,
      "hex",
    );
    expect(pvaSearch.answers(pva, "10.1.1.1")).toEqual([{ index: 5, id: "ab".repeat(12), address: "10.1.1.1:5075" }]);
    for (let length = 0; length < pva.length; length++) pvaSearch.answers(pva.subarray(0, length), "x");
    expect(pvaSearch.answers(Buffer.from("hello, this is no pvAccess"), "x")).toEqual([]);
  });

  it("ask for what they were told to", () => {
    const request = caSearch.request(["abc", "a-longer-name"], 7, 0);
    expect(request.length).toBe(16 + 16 + 8 + 16 + 16);
    expect(request.readUInt32BE(16 + 12)).toBe(7);
    expect(pvaSearch.request(["abc"], 7, 9).toString("latin1")).toContain("\u0003tcp\0\u0001\0\0\0\u0007\u0003abc");
  });
});

it("a name server that is away is a warning", async () => {
  const [finding] = await checkNameServers({ EPICS_CA_NAME_SERVERS: "127.0.0.1:1" });
  expect(finding).toMatchObject({ level: "warning", finding: expect.stringContaining("127.0.0.1:1 can't be reached") });
});

it("a repeater is there when its port is taken", async () => {
  const socket = createSocket("udp4");
  socket.bind(0);
  await once(socket, "listening");
  const environment = { EPICS_CA_REPEATER_PORT: `${socket.address().port}` };
  expect(await checkRepeater(environment)).toMatchObject({ level: "ok" });
  socket.close();
  await once(socket, "close");
  expect(await checkRepeater(environment)).toMatchObject({ level: "note" });
});

it("versions compare as numbers", () => {
  expect([isAtLeast("20.19.0", "20.19"), isAtLeast("20.9.1", "20.19"), isAtLeast("24.0.0", "20.19")]).toEqual([
    true,
    false,
    true,
  ]);
});

it("the exit code is that of the worst finding", () => {
  expect(exitCodeOf([ok("a", "b"), note("a", "b")])).toBe(0);
  expect(exitCodeOf([ok("a", "b"), warning("a", "b", "c")])).toBe(1);
  expect(exitCodeOf([error("a", "b", "c"), warning("a", "b", "c")])).toBe(2);
});
