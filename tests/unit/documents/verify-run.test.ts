import { describe, expect, it } from "vitest";
import { type Document, verifyRun } from "../../../src/documents/index.ts";
import { completeRun, eventOf, simpleRun } from "../../suites/sample-run.ts";

function faultsOf(
  change: (documents: any[]) => void,
  documents: readonly Document[] = simpleRun(4).documents,
): string[] {
  const changed = structuredClone(documents) as any[];
  change(changed);
  return verifyRun(changed).map(({ code, message }) => `${code}: ${message}`);
}

describe("verifyRun", () => {
  it("finds nothing in a whole run with every type of document, nor in one with points that were taken again", () => {
    expect(verifyRun(completeRun().documents)).toEqual([]);
    const { descriptor, documents } = simpleRun(4);
    const again = [2, 3].map((seqNum) => eventOf(descriptor, seqNum, { x: 1, n: 1 }));
    expect(verifyRun([...documents.slice(0, 5), ...again, ...documents.slice(5)])).toEqual([]);
  });

  it("names what comes in the wrong place", () => {
    expect(faultsOf((run) => run.pop())).toEqual(["order: the run has no stop document"]);
    expect(faultsOf((run) => run.push(run.splice(3, 1)[0]))).toEqual([
      "closed: an event comes after the stop document",
    ]);
    expect(faultsOf((run) => run.splice(1, 0, run[0]))[0]).toMatch(/^order: a second start document comes: /);
    expect(faultsOf((run) => run.shift())).toContain("order: the run has no start document");
  });

  it("names a reference to what has not come, and documents of other runs", () => {
    expect(faultsOf((run) => run.push(run.splice(1, 1)[0]))[0]).toMatch(
      /^unresolvable: an event refers to descriptor /,
    );
    expect(faultsOf((run) => Object.assign(run[1].doc, { run_start: "other" }))[0]).toMatch(
      /^unresolvable: a descriptor belongs to run other and not to /,
    );
    const { documents } = completeRun();
    const lacking = (name: string) => documents.filter((document) => document.name !== name);
    expect(faultsOf(() => {}, lacking("resource"))[0]).toMatch(/^unresolvable: a datum refers to resource /);
    expect(faultsOf(() => {}, lacking("datum"))).toHaveLength(1);
    expect(faultsOf(() => {}, lacking("datum"))[0]).toMatch(/^unresolvable: an event refers to datum .*\/0, which/);
    expect(faultsOf(() => {}, lacking("stream_resource"))[0]).toMatch(/refers to stream_resource/);
  });

  it("names stream and key of an event that differs from its descriptor", () => {
    const changed = structuredClone(simpleRun(4).documents) as any[];
    delete changed[2].doc.data.x;
    changed[2].doc.timestamps.z = 1;
    expect(verifyRun(changed).map(({ code, stream, key }) => [code, stream, key])).toEqual([
      ["mismatched-keys", "primary", "x"],
      ["mismatched-keys", "primary", "z"],
    ]);
  });

  it("counts the points of each stream, files included, and finds gaps", () => {
    expect(faultsOf((run) => Object.assign(run[2].doc, { seq_num: 9 }))).toEqual([
      `sequence: "primary" has 4 points, numbered up to 9`,
    ]);
    expect(faultsOf((run) => run.splice(5, 1))).toEqual([`count: num_events says 4 for "primary", which has 3`]);
    const { documents } = completeRun();
    expect(faultsOf((run) => Object.assign(run.at(-1).doc.num_events, { frames: 7, gone: 1 }), documents)).toEqual([
      `count: num_events says 7 for "frames", which has 5`,
      `count: num_events has "gone", which no descriptor has`,
    ]);
  });

  it("finds what is wrong with a document by itself, and goes on", () => {
    expect(faultsOf((run) => Object.assign(run[2].doc, { time: Number.NaN }))[0]).toMatch(/^time: /);
  });
});
