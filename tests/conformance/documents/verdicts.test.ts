import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import {
  type DocumentErrorCode,
  type DocumentName,
  InvalidDocument,
  stringify,
  validate,
} from "../../../src/documents/index.ts";
import { compileSchemas } from "../../../tools/generate-documents.ts";
import { times } from "../../soak.ts";
import { documents } from "./arbitrary-documents.ts";
import { mutated } from "./mutate.ts";
import { askPython } from "./oracle.ts";

const EACH = times(2_500, 50_000);
const SEED = 20261122;

/** What we refuse on purpose though event-model accepts it. */
const ADDED: Readonly<Record<string, string>> = {
  key: "keys that begin with $, and keys with dots, slashes or no name inside arrays",
  time: "times that are NaN or infinite",
  metadata: "metadata that is NaN or infinite",
  ragged: "pages whose columns differ in length",
  sequence: "stream data whose ranges run backwards",
  schema: "bulk_events that is no object",
} satisfies Partial<Record<DocumentErrorCode, string>>;

let schemas: Map<string, (document: unknown) => boolean>;

beforeAll(async () => {
  schemas = await compileSchemas();
});

describe.each(Object.keys(documents) as DocumentName[])("%s", (name) => {
  test(`is judged like event-model does, generated and mutated, ${2 * EACH} times`, { timeout: 300_000 }, async () => {
    const generated = fc.sample(documents[name], { numRuns: EACH, seed: SEED });
    const changed = fc.sample(mutated(documents[name]), { numRuns: EACH, seed: SEED + 1 });
    const samples: unknown[] = [...generated, ...changed];
    const verdicts = await askPython(
      "verdict",
      samples.map((doc) => [name, doc]),
    );
    const count = { accepted: 0, refused: 0, refusedByUs: 0 };
    samples.forEach((doc, i) => {
      const complaint: string | null = verdicts[i];
      const isValid = complaint === null;
      expect(schemas.get(name)?.(doc), `${stringify(doc)}: event-model says ${complaint ?? "valid"}`).toBe(isValid);
      const ours = refusalOf(name, doc);
      if (!isValid) {
        expect(ours, `${stringify(doc)} must be refused: ${complaint}`).toBeDefined();
        count.refused++;
      } else if (ours === undefined) {
        count.accepted++;
      } else {
        expect(Object.keys(ADDED), `${stringify(doc)}: ${ours.message}`).toContain(ours.code);
        if (ours.code === "schema") expect(name).toBe("bulk_events");
        count.refusedByUs++;
      }
    });
    // A generator that makes nothing but good or nothing but bad documents would prove nothing.
    expect(count.accepted).toBeGreaterThan(EACH / 10);
    expect(count.refused).toBeGreaterThan(EACH / 10);
  });
});

function refusalOf(name: DocumentName, doc: unknown): InvalidDocument | undefined {
  try {
    validate(name, doc as never);
    return undefined;
  } catch (error) {
    if (error instanceof InvalidDocument) return error;
    throw error;
  }
}
