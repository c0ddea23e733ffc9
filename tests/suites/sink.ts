import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Document } from "../../src/documents/document.ts";
import { stringify } from "../../src/documents/json.ts";
import { unpackDatumPage, unpackEventPage } from "../../src/documents/pages.ts";
import type { Sink } from "../../src/documents/sink.ts";
import { toWire } from "../../src/documents/to-wire.ts";
import { completeRun, simpleRun } from "./sample-run.ts";

/** A sink, and how to read back what it has kept. */
export interface SinkUnderTest {
  open(): Promise<Sink>;
  /** The documents of a run; rows of pages may come as events. */
  read(runUid: string): Promise<Document[]>;
  end(): Promise<void>;
}

/** What every sink does that loses nothing. */
export function describeSink(name: string, make: () => Promise<SinkUnderTest>): void {
  describe(name, () => {
    let subject: SinkUnderTest;
    beforeAll(async () => {
      subject = await make();
    });
    afterAll(() => subject?.end());

    it("gives every type of document back as it was, in wire form", async () => {
      const sink = await subject.open();
      const { uid, documents } = completeRun();
      for (const document of documents) sink.write(document);
      await sink.flush();
      expect(rows(await subject.read(uid))).toEqual(rows(documents));
      await sink.close();
    });

    it("keeps the order of the points, and has the start first and the stop last", async () => {
      const sink = await subject.open();
      const { uid, documents } = simpleRun(50);
      for (const document of documents) sink.write(document);
      await sink.flush();
      const stored = await subject.read(uid);
      expect(stored.map(identityOf)).toEqual(documents.map(identityOf));
      await sink.close();
    });

    it("keeps runs apart whose documents come interleaved", async () => {
      const sink = await subject.open();
      const runs = [simpleRun(5), simpleRun(5), simpleRun(5)] as const;
      for (let at = 0; at < 8; at++) for (const { documents } of runs) sink.write(documents[at] as Document);
      await sink.flush();
      for (const { uid, documents } of runs) {
        expect((await subject.read(uid)).map(identityOf)).toEqual(documents.map(identityOf));
      }
      await sink.close();
    });

    it("has at a flush what was written of a run that goes on", async () => {
      const sink = await subject.open();
      const { uid, documents } = simpleRun(4);
      const begun = documents.slice(0, 4);
      for (const document of begun) sink.write(document);
      await sink.flush();
      expect((await subject.read(uid)).map(identityOf)).toEqual(begun.map(identityOf));
      for (const document of documents.slice(4)) sink.write(document);
      await sink.close();
      expect(await subject.read(uid)).toHaveLength(documents.length);
    });

    it("leaves the documents alone, which others read too", async () => {
      const sink = await subject.open();
      const { documents } = completeRun();
      const before = documents.map((document) => stringify(document));
      for (const document of documents) sink.write(document);
      await sink.flush();
      expect(documents.map((document) => stringify(document))).toEqual(before);
      await sink.close();
    });

    it("refuses documents after it was closed, and may be closed twice", async () => {
      const sink = await subject.open();
      await sink.close();
      await sink.close();
      expect(() => sink.write(simpleRun(1).documents[0] as Document)).toThrow(/closed/);
    });
  });
}

/** Documents by their identity, pages as their rows, everything as JSON with sorted keys. */
function rows(documents: readonly Document[]): Map<string, string> {
  const single = documents.flatMap((document): Document[] => {
    if (document.name === "event_page")
      return [...unpackEventPage(document.doc)].map((doc) => ({ name: "event", doc }));
    if (document.name === "datum_page")
      return [...unpackDatumPage(document.doc)].map((doc) => ({ name: "datum", doc }));
    return [document];
  });
  return new Map(single.map((document) => [identityOf(document), canonical(toWire(document).doc)]));
}

function identityOf({ name, doc }: Document): string {
  return `${name} ${String("datum_id" in doc ? doc.datum_id : "uid" in doc ? doc.uid : "")}`;
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return stringify(value);
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${entries.map(([key, member]) => `${key}:${canonical(member)}`).join(",")}}`;
}
