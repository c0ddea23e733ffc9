import { expect, it } from "vitest";
import type { Document } from "../../../src/documents/document.ts";
import { MemorySink } from "../../../src/documents/sinks/memory.ts";
import { RunIndex } from "../../../src/documents/sinks/run-index.ts";
import { simpleRun } from "../../suites/sample-run.ts";
import { describeSink } from "../../suites/sink.ts";

describeSink("MemorySink", async () => {
  const all: Document[] = [];
  let sink = new MemorySink();
  return {
    open: async () => {
      sink = new MemorySink();
      const write = sink.write.bind(sink);
      sink.write = (document) => {
        write(document);
        all.push(document);
      };
      return sink;
    },
    read: async (uid) => {
      const index = new RunIndex();
      return all.filter((document) => index.runOf(document) === uid);
    },
    end: async () => {},
  };
});

it("MemorySink gives the documents of one name, and forgets when it is told to", () => {
  const sink = new MemorySink();
  const { documents, uid } = simpleRun(2);
  for (const document of documents) sink.write(document);
  expect(sink.named("event").map(({ seq_num }) => seq_num)).toEqual([1, 2]);
  expect(sink.named("start")[0]?.uid).toBe(uid);
  sink.clear();
  expect(sink.documents).toEqual([]);
});

it("RunIndex knows no run for a resource without one, and forgets a run at its stop", () => {
  const index = new RunIndex();
  const { documents, uid } = simpleRun(1);
  const [, , event] = documents;
  expect(documents.map((document) => index.runOf(document))).toEqual([uid, uid, uid, uid]);
  expect(index.open).toEqual([]);
  expect(index.runOf(event as Document)).toBeUndefined();
  const resource = { uid: "r", spec: "s", root: "", resource_path: "", resource_kwargs: {} };
  expect(index.runOf({ name: "resource", doc: resource })).toBeUndefined();
});
