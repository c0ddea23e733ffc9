import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RunStart } from "../../../src/documents/index.ts";
import { Msg, PersistentMetadata, RunEngine } from "../../../src/index.ts";

let folder: string;
let file: string;
let opened: PersistentMetadata[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cerulean-md-"));
  file = join(folder, "md.json");
  opened = [];
});

afterEach(() => {
  for (const md of opened) md.close();
  rmSync(folder, { recursive: true, force: true });
});

function open(): PersistentMetadata {
  const md = new PersistentMetadata(file);
  opened.push(md);
  return md;
}

const inFile = (): any => JSON.parse(readFileSync(file, "utf8"));

describe("persistent metadata", () => {
  it("are in the file as soon as they are set, and there for the next process", () => {
    const md = open();
    md.proposal = 42;
    md.sample = { name: "LaB6", holes: [1, 2] };
    expect(inFile()).toEqual({ proposal: 42, sample: { name: "LaB6", holes: [1, 2] } });
    delete md.proposal;
    expect(inFile()).toEqual({ sample: { name: "LaB6", holes: [1, 2] } });
    md.close();
    const again = open();
    expect({ ...again }).toEqual({ sample: { name: "LaB6", holes: [1, 2] } });
    expect(Object.keys(again)).toEqual(["sample"]);
  });

  it("number the scans on from one engine to the next, and stand in the start document", async () => {
    const scanIds: unknown[] = [];
    for (let i = 0; i < 2; i++) {
      const md = open();
      const engine = new RunEngine({ md });
      engine.subscribe(({ doc }) => scanIds.push((doc as RunStart).scan_id), "start");
      await engine.run([new Msg("open_run"), new Msg("close_run"), new Msg("open_run"), new Msg("close_run")]);
      md.close();
    }
    expect(scanIds).toEqual([1, 2, 3, 4]);
    expect(inFile()).toMatchObject({ scan_id: 4, versions: { node: process.versions.node } });
  });

  it("refuse by its key what a file can't hold, and leave the file as it was", () => {
    const md = open();
    md.sample = "Si";
    expect(() => {
      md.when = { day: new Date(0) };
    }).toThrow('the metadata "when.day" can\'t be kept in a file: a Date is not JSON');
    expect(() => {
      md.temperature = Number.NaN;
    }).toThrow('"temperature"');
    expect(() => {
      (md as Record<string, unknown>).close = 1;
    }).toThrow('"close" can\'t be the key');
    expect(inFile()).toEqual({ sample: "Si" });
  });

  it("never lose a change in their depth silently: parts can't be changed, only the whole can be set", () => {
    const md = open();
    md.sample = { name: "Si" };
    expect(() => {
      md.sample.name = "Ge";
    }).toThrow(TypeError);
    md.sample = { ...md.sample, name: "Ge" };
    expect(inFile().sample.name).toBe("Ge");
  });

  it("refuse a file that is not theirs, by its name", () => {
    writeFileSync(file, "{ half");
    expect(open).toThrow(`the metadata file ${file} is not JSON`);
    writeFileSync(file, "[]");
    expect(open).toThrow("holds no JSON object");
  });

  it("are not shared by two, and can be had when the first is done with them", () => {
    const md = open();
    expect(open).toThrow(`is in use by process ${process.pid} of`);
    md.close();
    expect(() => {
      md.sample = 1;
    }).toThrow("was closed");
    open().sample = 2;
    expect(inFile()).toEqual({ sample: 2 });
  });
});

it("who runs it where stands in the start document, and what you say yourself goes before it", async () => {
  const starts: any[] = [];
  const engine = new RunEngine({ md: { user: "ann" } });
  engine.subscribe(({ doc }) => starts.push(doc), "start");
  await engine.run([new Msg("open_run")]);
  await new RunEngine().run([new Msg("open_run")], {
    subs: ({ name, doc }) => void (name === "start" && starts.push(doc)),
  });
  expect(starts[0]).toMatchObject({ user: "ann", host: hostname(), pid: process.pid });
  expect(starts[1]).toMatchObject({ user: userInfo().username, host: hostname(), pid: process.pid });
});
