import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { COMMANDS } from "../../../src/engine/commands/table.ts";
import { Bench } from "./bench.ts";
import { runOnBluesky } from "./bluesky.ts";
import { CORPUS } from "./corpus/index.ts";
import { DIFFERENCES, withDifferences } from "./differences/index.ts";
import type { Entry, RunRecord } from "./entry.ts";
import { normalise } from "./normalise.ts";

const page = readFileSync(new URL("../../../docs/differences-from-bluesky.md", import.meta.url), "utf8");

const STATES = ["idle", "running", "pausing", "paused", "stopping", "aborting", "halting", "suspending"];

let bluesky: Map<string, RunRecord>;
const shown = new Map<string, Set<string>>();

beforeAll(async () => {
  bluesky = await runOnBluesky(CORPUS);
});

describe("what bluesky does", () => {
  for (const entry of CORPUS) {
    it(`is done for ${entry.name}`, async () => {
      const ours = compared(entry, normalise(await new Bench(entry).run(), entry));
      const theirs = normalise(bluesky.get(entry.name) as RunRecord, entry);
      const { expected, shown: names } = withDifferences(entry.name, theirs);
      shown.set(entry.name, new Set(names));
      expect(ours).toEqual(compared(entry, expected));
    });
  }
});

describe("the corpus", () => {
  it("has every command and every state that a plan can bring about in two entries at least", () => {
    const counts = new Map<string, number>([...Object.keys(COMMANDS), ...STATES].map((name) => [name, 0]));
    for (const { messages, states } of bluesky.values()) {
      for (const name of new Set([...messages.map(([command]: any) => command), ...states])) {
        counts.set(name, (counts.get(name) ?? 0) + 1);
      }
    }
    const known = [...counts].filter(([name]) => name in COMMANDS || STATES.includes(name));
    expect(known.filter(([, count]) => count < 2)).toEqual([]);
  });

  it("has a name of its own for each entry", () => {
    const names = CORPUS.map(({ name }) => name);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  });
});

describe("the list of differences", () => {
  it("has only differences that show in every entry they name", () => {
    const missing = DIFFERENCES.flatMap(({ name, entries }) =>
      (entries ?? []).filter((entry) => !shown.get(entry)?.has(name)).map((entry) => `${name}: ${entry}`),
    );
    expect(missing).toEqual([]);
  });

  it("has only differences that show somewhere", () => {
    const all = new Set([...shown.values()].flatMap((names) => [...names]));
    expect(DIFFERENCES.map(({ name }) => name).filter((name) => !all.has(name))).toEqual([]);
  });

  it("has its reasons in the documentation, with tests that there are", () => {
    expect(DIFFERENCES.map(({ name }) => name).filter((name) => !page.includes(`| ${name} |`))).toEqual([]);
    const entries = new Set(CORPUS.map(({ name }) => name));
    const named = [...page.matchAll(/\| (?:`(?<file>[^`]+)`: )?"(?<test>.+)" \|$/gm)].map(({ groups }) => groups);
    const missing = named.filter((groups) => {
      const { file, test = "" } = groups ?? {};
      return file === undefined ? !entries.has(test) : !tests(file).includes(test);
    });
    expect(named.length).toBeGreaterThan(DIFFERENCES.length);
    expect(missing).toEqual([]);
  });
});

function tests(file: string): string {
  return readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");
}

function compared({ waiting }: Entry, record: RunRecord): unknown {
  const { waiting: hooked, ...rest } = record;
  return waiting === true ? record : rest;
}
