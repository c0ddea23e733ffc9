import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { CIoc } from "../support/c-ioc.ts";
import { EVERY_TYPE } from "../support/every-type.ts";
import { startTypedServer, type TypedServer } from "../support/typed-server.ts";

const command = fileURLToPath(new URL("../../../dist/cli/main.js", import.meta.url));

const RECORDS = `${EVERY_TYPE}
record(ai, "t:alarmed") { field(VAL, "99") field(HIHI, "90") field(HHSV, "MAJOR") field(PINI, "YES") field(EGU, "mm") field(DESC, "too hot") }
record(ai, "t:never") { }
record(calc, "t:ramp") { field(SCAN, ".1 second") field(INPA, "t:ramp") field(CALC, "A+1") }
`;

let ioc: CIoc;
let server: TypedServer;

beforeAll(async () => {
  [ioc, server] = await Promise.all([CIoc.start(RECORDS), startTypedServer()]);
});

afterAll(async () => {
  await ioc?.stop();
  await server?.[Symbol.asyncDispose]();
});

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function cerulean(args: readonly string[], environment: Record<string, string> = ioc.environment): Ran {
  const env = { ...process.env, ...environment };
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], { encoding: "utf8", env });
  return { code: status, out: stdout, err: stderr };
}

/** Names and values, however wide the column of names is. */
const pairs = (out: string): string[] =>
  out
    .trimEnd()
    .split("\n")
    .map((line) => line.replace(/ {2,}/g, " "));

describe.each(["ca", "pva"] as const)("over %s", (protocol) => {
  const pv = (name: string): string => `${protocol}://t:${name}`;

  it("get tells scalars, arrays, labels and text, a missing PV beside them, and exits with 1 then", () => {
    const put = cerulean(["put", pv("DOUBLE"), "1", "nan", "2.5"]);
    expect(put).toMatchObject({ code: 0, err: "" });
    const names = ["float64", "int64", "enum", "string", "DOUBLE", "missing", "limits"];
    const { code, out, err } = cerulean(["get", "-w", "1", ...names.map(pv)]);
    expect(pairs(out)).toEqual([
      `${pv("float64")} 1.5`,
      `${pv("int64")} ${protocol === "ca" ? "9007199254740992" : "9007199254740993"}`,
      `${pv("enum")} Bbb`,
      `${pv("string")} hällo`,
      `${pv("DOUBLE")} 3 1 nan 2.5`,
      `${pv("limits")} 50`,
    ]);
    expect(err).toMatch(new RegExp(`^${pv("missing")} +\\*\\*\\* .*was not found`));
    expect(code).toBe(1);
    const styled = cerulean([
      "get",
      "-t",
      "-n",
      "-f",
      "2",
      "-#",
      "1",
      "-F",
      ",",
      pv("float64"),
      pv("enum"),
      pv("DOUBLE"),
    ]);
    expect(styled).toEqual({ code: 0, out: "1.50\n1\n1,1.00\n", err: "" });
  });

  it("get -a tells time stamps and alarms as camonitor does", () => {
    const { code, out } = cerulean(["get", "-a", pv("alarmed"), pv("float64"), pv("never")]);
    const [alarmed, quiet, never] = pairs(out);
    expect(alarmed).toMatch(/ \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6} 99 HIHI MAJOR$/);
    expect(quiet).toMatch(/\.\d{6} 1\.5$/);
    expect(never).toMatch(/ <undefined> 0 UDF INVALID$/);
    expect(code).toBe(0);
  });

  it("put tells old and new values, of one PV, of an array and of several PVs at once", () => {
    expect(pairs(cerulean(["put", pv("enum"), "Ccc"]).out)).toEqual([
      `Old : ${pv("enum")} Bbb`,
      `New : ${pv("enum")} Ccc`,
    ]);
    expect(cerulean(["put", "-t", "-n", pv("enum"), "1"]).out).toBe("1\n");
    expect(cerulean(["put", "-t", pv("int32"), "-5"]).out).toBe("-5\n");
    expect(cerulean(["put", "-t", "-a", pv("LONG"), "3", "1", "0x10", "-2"]).out).toBe("3 1 16 -2\n");
    expect(cerulean(["put", "-t", pv("STRING"), '["one", "two words"]']).out).toBe('2 one "two words"\n');
    expect(cerulean(["put", "-t", "-S", pv("UCHAR"), "hällo"]).out).toBe("hällo\n");
    expect(cerulean(["get", "-t", pv("UCHAR")]).out).toBe("7 104 195 164 108 108 111 0\n");
    const several = cerulean(["put", "-t", `${pv("float64")}=3`, `${pv("string")}=a=b`]);
    expect(several).toEqual({ code: 0, out: "3\na=b\n", err: "" });
    cerulean(["put", `${pv("float64")}=1.5`, `${pv("string")}=hällo`]);
  });

  it("put refuses what does not fit with 2 before anything is written, and tells what would do", () => {
    const { code, err } = cerulean(["put", `${pv("float64")}=7`, `${pv("enum")}=Ddd`]);
    expect(code).toBe(2);
    expect(err).toContain(`${pv("enum")} has no choice "Ddd"; it has 0 "Aaa", 1 "Bbb", 2 "Ccc"; nothing was written`);
    expect(cerulean(["get", "-t", pv("float64")]).out).toBe("1.5\n");
    expect(cerulean(["put", pv("int32"), "3000000000"])).toMatchObject({
      code: 1,
      err: expect.stringContaining("2147483647"),
    });
    expect(cerulean(["put", "-a", pv("LONG"), "3", "1"]).code).toBe(2);
  });

  it("put waits until the record has processed, unless told otherwise, and no longer than it may", () => {
    const late = cerulean(["put", "-w", "0.2", pv("seq.PROC"), "1"]);
    expect(late).toMatchObject({ code: 1, err: expect.stringContaining("in time") });
    cerulean(["put", pv("done"), "0"]);
    expect(cerulean(["put", pv("seq.PROC"), "1"]).code).toBe(0);
    expect(cerulean(["get", "-t", pv("done")]).out).toBe("1\n");
    cerulean(["put", pv("done"), "0"]);
    expect(cerulean(["put", "--no-wait", pv("seq.PROC"), "1"]).code).toBe(0);
    expect(cerulean(["put", "-c", pv("seq.PROC"), "1"]).code).toBe(0);
  });

  it("info tells type, server, limits and labels, and exits with 1 when a PV is missing", () => {
    const { code, out, err } = cerulean(["info", "-w", "1", pv("limits"), pv("enum"), pv("DOUBLE"), pv("missing")]);
    expect(code).toBe(1);
    expect(err).toContain("was not found");
    expect(out).toMatch(/^ {4}server +127\.0\.0\.1:\d+$/m);
    expect(out).toMatch(/^ {4}alarm limits +2 to 98$/m);
    expect(out).toMatch(/^ {4}choices +0 Aaa, 1 Bbb, 2 Ccc$/m);
    expect(out).toMatch(protocol === "ca" ? /^ {4}type +array of up to 10 float64$/m : /^ {4}type +array float64$/m);
    if (protocol === "pva") expect(out).toMatch(/^ {12}int64 secondsPastEpoch$/m);
    const [limits] = JSON.parse(`[${cerulean(["info", "--json", pv("limits")]).out}]`);
    expect(limits).toMatchObject({ pv: pv("limits"), kind: "int32", limits: { control: { low: 10, high: 90 } } });
    expect(limits.structure).toEqual(
      protocol === "ca" ? null : expect.objectContaining({ id: "epics:nt/NTScalar:1.0" }),
    );
  });

  describe("monitor", () => {
    let child: ChildProcess | undefined;

    afterEach(() => void child?.kill("SIGKILL"));

    it.each(["SIGINT", "SIGTERM"] as const)(
      "tells each update until %s, and a missing PV on the side",
      async (signal) => {
        const args = [command, "monitor", "--timeout", "0.5", pv("ramp"), pv("missing")];
        const env = { ...process.env, ...ioc.environment };
        child = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "pipe"] });
        const exited = once(child, "exit");
        const said = once(createInterface({ input: child.stderr as NonNullable<ChildProcess["stderr"]> }), "line");
        const updates: number[] = [];
        for await (const line of createInterface({ input: child.stdout as NonNullable<ChildProcess["stdout"]> })) {
          const update = /^(\S+) +[\d-]+ [\d:.]+ (\d+)$/.exec(line);
          expect(update?.[1]).toBe(pv("ramp"));
          updates.push(Number(update?.[2]));
          if (updates.length === 3) {
            await said;
            child.kill(signal);
          }
        }
        expect((await said)[0]).toMatch(/missing +\*\*\* .*not found within 500 ms; still looking for it$/);
        expect(updates).toEqual(updates.map((_, index) => (updates[0] as number) + index));
        expect(await exited).toEqual([1, null]);
      },
    );

    it("ends after a count, with 0", () => {
      const { code, out } = cerulean(["monitor", "--count", "3", "-t", pv("ramp"), pv("enum")]);
      expect(code).toBe(0);
      expect(out.trimEnd().split("\n")).toHaveLength(3);
      expect(out).toContain("Bbb\n");
    });

    it("ends without a word when its reader has had enough", () => {
      const line = `"${process.execPath}" "${command}" monitor --json ${pv("ramp")} | head -1; exit \${PIPESTATUS[0]}`;
      const env = { ...process.env, ...ioc.environment };
      const { status, stdout, stderr } = spawnSync("bash", ["-c", line], { encoding: "utf8", env, timeout: 20_000 });
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
      expect(JSON.parse(stdout)).toMatchObject({ pv: pv("ramp"), source: pv("ramp"), kind: "float64" });
    });

    it("tells that its server went away, labels that have changed, and goes on when it is back", async () => {
      await using own = await CIoc.start(RECORDS);
      const args = [command, "monitor", pv("enum")];
      child = spawn(process.execPath, args, {
        env: { ...process.env, ...own.environment },
        stdio: ["ignore", "pipe", "inherit"],
      });
      const lines = createInterface({ input: child.stdout as NonNullable<ChildProcess["stdout"]> })[
        Symbol.asyncIterator
      ]();
      const next = async (): Promise<string> => (await lines.next()).value;
      expect(await next()).toMatch(/ Bbb$/);
      own.shell('dbpf("t:enum.ONST", "New")');
      expect(await next()).toMatch(/ New$/);
      await own.kill();
      expect(await next()).toBe(`${pv("enum")} *** disconnected`);
      await own.restart();
      expect(await next()).toMatch(/ Bbb$/);
      child.kill("SIGINT");
      expect(await once(child, "exit")).toEqual([0, null]);
    });
  });
});

it("a bare name is Channel Access", () => {
  const [line] = cerulean(["get", "--json", "t:float64"]).out.split("\n");
  expect(JSON.parse(line as string)).toMatchObject({ pv: "t:float64", source: "ca://t:float64", value: 1.5 });
});

it("Ctrl-C while a put waits ends the command at once with 130, and says what is not known", async () => {
  const child = spawn(process.execPath, [command, "put", "--timeout", "60", "t:seq.DLY1", "30"], {
    env: { ...process.env, ...ioc.environment },
  });
  await once(child, "exit");
  const waiting = spawn(process.execPath, [command, "put", "--timeout", "60", "t:seq.PROC", "1"], {
    env: { ...process.env, ...ioc.environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let err = "";
  waiting.stderr.on("data", (chunk) => {
    err += chunk;
  });
  const [old] = await once(createInterface({ input: waiting.stdout }), "line");
  expect(old).toContain("Old : ");
  waiting.kill("SIGINT");
  expect(await once(waiting, "close")).toEqual([130, null]);
  expect(err).toContain("interrupted: it may have been written");
});

it("arguments that make no sense exit with 2, and tell why", () => {
  for (const [args, why] of [
    [["get"], "missing required argument"],
    [["get", "-w", "soon", "x"], "It takes seconds"],
    [["put", "x"], "put what to x?"],
    [["put", "a=1", "b"], "b is not PV=VALUE, as a=1 is"],
    [["monitor", "-m", "q", "x"], "letters of v, a, l and p"],
    [["get", "-e", "1", "-f", "2", "x"], "cannot be used with"],
  ] as const) {
    expect(cerulean(args), args.join(" ")).toMatchObject({ code: 2, out: "", err: expect.stringContaining(why) });
  }
  expect(cerulean(["get", "tango://x"])).toMatchObject({
    code: 1,
    err: expect.stringContaining('there is no protocol "tango"'),
  });
});

describe("a p4p server", () => {
  const p4p = (...args: string[]): Ran => cerulean(args, server.environment);

  it("is read and written in every type, with integers of 64 bits exact", () => {
    const put = p4p("put", "-t", "pva://p:bool=true", "pva://p:enum=Shut", `pva://p:int64=${-(2n ** 63n)}`);
    expect(put).toEqual({ code: 0, out: `true\nShut\n${-(2n ** 63n)}\n`, err: "" });
    const names = ["uint64", "int64s", "strings", "hot"].map((name) => `pva://p:${name}`);
    const { out, code } = p4p("get", "-a", ...names);
    expect(code).toBe(0);
    const [uint64, int64s, strings, hot] = pairs(out);
    expect(uint64).toMatch(/ 18446744073709551615$/);
    expect(int64s).toMatch(/ 2 -9223372036854775808 9007199254740993$/);
    expect(strings).toMatch(/ 2 one "two words"$/);
    expect(hot).toMatch(/ 36\.6 driver MAJOR \(too hot\)$/);
  });

  it("has integers and NaN in JSON as they are", () => {
    const { out } = p4p("get", "--json", "pva://p:uint64", "pva://p:table", "pva://p:hot");
    const [integer, table, hot] = out.split("\n");
    expect(integer).toContain('"value":18446744073709551615,');
    expect(table).toContain("[1.5,NaN]");
    expect(JSON.parse(hot as string)).toMatchObject({
      value: 36.6,
      timestamp: 1700000000.25,
      alarmSeverity: 2,
      severity: "MAJOR",
      message: "too hot",
    });
  });

  it("tells a table's columns and its structure", () => {
    expect(p4p("get", "pva://p:table").out).toMatch(/^ +name 2 a b\n +x 2 1\.5 nan$/m);
    expect(p4p("info", "pva://p:table").out).toMatch(/^ {4}type +table$/m);
  });
});
