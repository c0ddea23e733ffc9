import { type Document, toWire, unpackEventPage } from "../../documents/index.ts";

export interface Comparison {
  /** How many documents agree in every field; an event page counts by its rows. */
  readonly documents: number;
  /** The first document and field that differ; undefined when all agree. */
  readonly difference: string | undefined;
}

/** Compares what was emitted with what was stored, document by document and field by field, both in wire form. */
export function compare(emitted: readonly Document[], stored: readonly Document[]): Comparison {
  const found = new Map<string, Row>();
  for (const row of rowsOf(stored)) {
    if (found.has(row.key)) return { documents: 0, difference: `${row.name} ${row.key}: is stored twice` };
    found.set(row.key, row);
  }
  let documents = 0;
  for (const { key, name, doc } of rowsOf(emitted)) {
    const there = found.get(key);
    found.delete(key);
    const difference = there === undefined ? "is not in the store" : differenceOf(doc, there.doc, name);
    if (difference !== undefined) return { documents, difference: `${name} ${key}: ${difference}` };
    documents++;
  }
  const [extra] = found.values();
  const difference = extra === undefined ? undefined : `${extra.name} ${extra.key}: stored, but was never emitted`;
  return { documents, difference };
}

interface Row {
  readonly key: string;
  readonly name: string;
  readonly doc: unknown;
}

function rowsOf(documents: readonly Document[]): Row[] {
  return documents.map(toWire).flatMap((document): Row[] => {
    if (document.name === "event_page") {
      return [...unpackEventPage(document.doc)].map((doc) => ({ key: doc.uid, name: "event", doc }));
    }
    const { name, doc } = document;
    return [{ key: "uid" in doc ? String(doc.uid) : JSON.stringify(doc), name, doc }];
  });
}

function differenceOf(emitted: unknown, stored: unknown, path: string): string | undefined {
  if (Array.isArray(emitted) && Array.isArray(stored)) {
    if (emitted.length !== stored.length) return `${path} has ${stored.length} elements, emitted ${emitted.length}`;
    return first(emitted.keys(), (at) => differenceOf(emitted[at], stored[at], `${path}[${at}]`));
  }
  if (isRecord(emitted) && isRecord(stored)) {
    const keys = new Set([...Object.keys(emitted), ...Object.keys(stored)]);
    return first(keys, (key) => differenceOf(emitted[key], stored[key], `${path}.${key}`));
  }
  return isSame(emitted, stored) ? undefined : `${path} is ${show(stored)}, emitted ${show(emitted)}`;
}

function first<T>(items: Iterable<T>, find: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** MongoDB tells integers by their size and not by their JavaScript type, so 1 and 1n are the same value. */
function isSame(a: unknown, b: unknown): boolean {
  if (typeof a === typeof b) return a === b || (Number.isNaN(a) && Number.isNaN(b));
  const integers = [a, b].every((value) => typeof value === "bigint" || Number.isSafeInteger(value));
  return integers && BigInt(a as number | bigint) === BigInt(b as number | bigint);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  return typeof value === "bigint" ? `${value}n` : (JSON.stringify(value) ?? "absent");
}
