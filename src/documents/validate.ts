import type { Document, DocumentName, DocumentTypes } from "./document.ts";
import { InvalidDocument } from "./errors.ts";
import * as validators from "./generated/validators.ts";
import { checkDatumPage, checkEventPage } from "./page-check.ts";
import { explainKey, schemaError, streamOf, titleOf } from "./schema-fault.ts";
import type { Validator } from "./validator.ts";
import { isPlainObject, isTypedArray } from "./values.ts";

const BY_NAME: Readonly<Record<string, Validator>> = Object.assign(Object.create(null), validators);

/**
 * Throws InvalidDocument unless the document keeps its schema and what readers rely on besides: no key begins with `$`, none inside an
 * array has a dot or a slash, times are finite, columns are as long as each other, metadata has no NaN.
 * Takes documents as they are on the bus, typed arrays as columns included, and in plain form.
 */
export function validate(document: Document): void;
export function validate<N extends DocumentName>(name: N, doc: DocumentTypes[N]): void;
export function validate(nameOrDocument: Document | DocumentName, maybeDoc?: unknown): void {
  const isPair = typeof nameOrDocument === "string";
  const name = isPair ? nameOrDocument : nameOrDocument.name;
  const doc = isPair ? maybeDoc : nameOrDocument.doc;
  const validator = BY_NAME[name];
  if (validator === undefined) {
    throw new InvalidDocument(`there is no document called "${name}"; names are ${Object.keys(BY_NAME).join(", ")}`, {
      code: "schema",
      documentName: name,
    });
  }
  if (!validator(doc)) throw schemaError(name, doc, validator.errors ?? []);
  checkBeyondSchema(name, doc as any);
}

function checkBeyondSchema(name: DocumentName, doc: any): void {
  switch (name) {
    case "event":
      checkTime(name, doc);
      for (const key in doc.data) {
        if (key.charCodeAt(0) === 36) throw keyError(name, doc, key, "data");
      }
      break;
    case "event_page":
      checkEventPage(doc);
      break;
    case "datum_page":
      checkDatumPage(doc);
      break;
    case "start":
    case "stop":
      checkTime(name, doc);
      checkTree({ name, doc, isMetadata: true }, doc, "", false);
      break;
    case "descriptor":
      checkTime(name, doc);
      checkTree({ name, doc, isMetadata: false }, doc, "", false);
      break;
    case "stream_datum":
      checkRange(doc, "indices");
      checkRange(doc, "seq_nums");
      break;
    case "bulk_events":
      if (!isPlainObject(doc)) throw schemaError(name, doc, []);
  }
}

function checkTime(name: string, doc: { time: number }): void {
  if (Number.isFinite(doc.time)) return;
  throw new InvalidDocument(`${titleOf(name, doc)}: time is ${doc.time}; it must be Unix seconds`, {
    code: "time",
    documentName: name,
    stream: streamOf(name, doc),
    key: "time",
  });
}

function checkRange(doc: any, member: "indices" | "seq_nums"): void {
  const { start, stop } = doc[member];
  if (start <= stop) return;
  throw new InvalidDocument(`${titleOf("stream_datum", doc)}: ${member} run from ${start} back to ${stop}`, {
    code: "sequence",
    documentName: "stream_datum",
    key: member,
  });
}

interface Tree {
  name: string;
  doc: object;
  isMetadata: boolean;
}

// The schema sees to the names of keys where objects alone lead; this looks into arrays as well, and for what no schema can say.
function checkTree(tree: Tree, value: unknown, where: string, isInArray: boolean): void {
  if (typeof value === "number") {
    if (tree.isMetadata && !Number.isFinite(value)) throw notFinite(tree, value, where);
    return;
  }
  if (typeof value !== "object" || value === null || isTypedArray(value)) return;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      const item = value[i];
      if (typeof item !== "string") checkTree(tree, item, `${where}[${i}]`, true);
    }
    return;
  }
  for (const [key, member] of Object.entries(value)) {
    if (key.charCodeAt(0) === 36 || (isInArray && (key === "" || /[./]/.test(key)))) {
      throw keyError(tree.name, tree.doc, key, where);
    }
    if (typeof member !== "string") checkTree(tree, member, where === "" ? key : `${where}.${key}`, isInArray);
  }
}

function notFinite({ name, doc }: Tree, value: number, where: string): InvalidDocument {
  return new InvalidDocument(`${titleOf(name, doc)}: ${where} is ${value}, and metadata must be finite: leave it out`, {
    code: "metadata",
    documentName: name,
    key: where,
  });
}

function keyError(name: string, doc: object, key: string, where: string): InvalidDocument {
  return new InvalidDocument(`${titleOf(name, doc)}: ${explainKey(key, where)}`, {
    code: "key",
    documentName: name,
    stream: streamOf(name, doc),
    key,
  });
}
