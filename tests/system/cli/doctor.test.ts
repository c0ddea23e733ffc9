import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { CIoc } from "../support/c-ioc.ts";
import { startTypedServer } from "../support/typed-server.ts";

const command = fileURLToPath(new URL("../../../dist/cli/main.js", import.meta.url));

const RECORDS = (own: string): string => `
record(ai, "d:both") { field(VAL, "1") field(PINI, "YES") }
record(ai, "d:${own}") { field(VAL, "1") field(PINI, "YES") }
record(calc, "d:${own}:beat") { field(SCAN, ".1 second") field(INPA, "d:${own}:beat") field(CALC, "A+1") }
`;

let one: CIoc;
let two: CIoc;
let folder: string;

beforeAll(async () => {
  [one, two] = await Promise.all([CIoc.start(RECORDS("one")), CIoc.start(RECORDS("two"))]);
});

afterAll(async () => {
  await one?.stop();
  await two?.stop();
});

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cerulean-doctor-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** As a client of both IOCs. */
function environment(): Record<string, string> {
  return {
    EPICS_CA_ADDR_LIST: [one, two].map(({ ports }) => `127.0.0.1:${ports.ca}`).join(" "),
    EPICS_PVA_ADDR_LIST: [one, two].map(({ ports }) => `127.0.0.1:${ports.pvaSearch}`).join(" "),
    EPICS_CA_AUTO_ADDR_LIST: "NO",
    EPICS_PVA_AUTO_ADDR_LIST: "NO",
    EPICS_CA_REPEATER_PORT: `${one.ports.repeater}`,
  };
}

interface Finding {
  readonly level: string;
  readonly what: string;
  readonly finding: string;
  readonly advice?: string;
}

function doctor(args: readonly string[], extra: Record<string, string> = environment()) {
  const inherited = Object.entries(process.env).filter(([name]) => !/^EPICS_|^CERULEAN_MONGO/.test(name));
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, "doctor", ...args], {
    encoding: "utf8",
    cwd: folder,
    env: { ...Object.fromEntries(inherited), ...extra },
  });
  const findings = (): Finding[] =>
    stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
  return { status, stdout, stderr, findings };
}

describe("cerulean doctor", () => {
  it("finds nothing to do where all is well, and tells versions, addresses and who serves a PV", () => {
    const { status, stdout, stderr } = doctor(["-w", "1", "d:one", "pva://d:two:beat"]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(new RegExp(`^ok +Node\\.js: ${process.versions.node}`, "m"));
    expect(stdout).toMatch(/^ok +EPICS addon: loads: epics-rs \d+\.\d+\.\d+, rustc \d/m);
    expect(stdout).toContain(`Channel Access search: goes to 127.0.0.1:${one.ports.ca}, 127.0.0.1:${two.ports.ca}`);
    expect(stdout).toMatch(/^ok +d:one: is served by 127\.0\.0\.1:\d+ alone$/m);
    expect(stdout).toMatch(/^ok +pva:\/\/d:two:beat: is served by 127\.0\.0\.1:\d+ alone$/m);
    expect(stdout).toMatch(/^note +clock of d:one: can't be told: it did not change for 1 s$/m);
    expect(stdout).toMatch(/^ok +clock of pva:\/\/d:two:beat: within 1 s of this host's$/m);
    expect(stdout).toMatch(/^ok +this folder: nothing was left behind here$/m);
  });

  it("finds two IOCs that have a PV of the same name, over both protocols, and a PV that nobody has", () => {
    const { status, findings } = doctor(["--json", "-w", "1", "d:both", "pva://d:both", "d:none", "tango://x"]);
    expect(status).toBe(2);
    const about = (pv: string): Finding | undefined => findings().find(({ what }) => what === pv);
    for (const pv of ["d:both", "pva://d:both"]) {
      expect(about(pv)).toMatchObject({
        level: "error",
        finding: expect.stringMatching(/^2 servers answer for it: 127\.0\.0\.1:\d+ and 127\.0\.0\.1:\d+$/),
        advice: expect.stringContaining("stop one of the IOCs or rename its records"),
      });
    }
    expect(about("d:none")).toMatchObject({ level: "error", advice: expect.stringContaining("whether the IOC runs") });
    expect(about("tango://x")).toMatchObject({
      level: "error",
      finding: expect.stringContaining('no protocol "tango"'),
    });
  });

  it("finds a server whose clock is off", async () => {
    await using server = await startTypedServer();
    const { status, findings } = doctor(["--json", "-w", "1", "pva://p:future", "pva://p:past"], server.environment);
    expect(status).toBe(1);
    const clocks = findings().filter(({ what }) => what.startsWith("clock of"));
    expect(clocks).toEqual([
      expect.objectContaining({
        level: "warning",
        finding: expect.stringMatching(/^(59|60)\.\d s ahead of this host's$/),
      }),
      expect.objectContaining({ level: "warning", finding: expect.stringMatching(/^6\d\.\d s behind this host's$/) }),
    ]);
    expect(clocks[0]?.advice).toContain("NTP");
  });

  it("finds what was left behind in the folder", () => {
    const state = join(folder, ".cerulean");
    mkdirSync(join(state, "journal/beamline/writers/x"), { recursive: true });
    mkdirSync(join(state, "journal/beamline/dead-letters"), { recursive: true });
    writeFileSync(join(state, "journal/beamline/dead-letters/run.jsonl"), "{}\n");
    writeFileSync(join(state, "recovery.json"), '{"version": 1, "entries": [{"device": "motor"}]}');
    const gone = { user: "she", host: "elsewhere", pid: 1, started: "" };
    writeFileSync(join(state, "metadata.json.lock.1"), JSON.stringify(gone));
    const { status, stdout } = doctor([]);
    expect(status).toBe(2);
    expect(stdout).toMatch(
      /^warning +\.cerulean\/recovery\.json: was changed and not put back: motor\n +-> .*--recover"$/m,
    );
    expect(stdout).toMatch(/^note +\.cerulean\/metadata\.json: is in use by process 1 of she on elsewhere$/m);
    expect(stdout).toMatch(/^warning +\.cerulean\/journal\/beamline: has documents that are not in MongoDB yet/m);
    expect(stdout).toMatch(/^error +\.cerulean\/journal\/beamline\/dead-letters: .* run\.jsonl$/m);
    writeFileSync(join(state, "recovery.json"), "{");
    expect(doctor([]).stdout).toMatch(/^error +\.cerulean\/recovery\.json: can't be read/m);
  });

  it("finds a MongoDB that is away, a slip in the environment, and an empty search", () => {
    const slips = { EPICS_CA_AUTO_ADDR_LIST: "NO", EPICS_PVA_ADR_LIST: "ioc1" };
    const { status, findings } = doctor(
      ["--json", "--mongo", "mongodb://127.0.0.1:1/x?serverSelectionTimeoutMS=300"],
      slips,
    );
    expect(status).toBe(2);
    expect(findings()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          level: "error",
          what: "MongoDB",
          advice: expect.stringContaining("whether mongod runs"),
        }),
        expect.objectContaining({ level: "warning", what: "EPICS_PVA_ADR_LIST" }),
        expect.objectContaining({ level: "error", what: "Channel Access search" }),
      ]),
    );
  });

  it("takes --apply with --recover only", () => {
    expect(doctor(["--apply"])).toMatchObject({ status: 1, stderr: expect.stringContaining("go with --recover") });
  });
});
