import { type DocumentErrorCode, InvalidDocument } from "./errors.ts";
import type { SchemaFault } from "./validator.ts";

/** What people call a document: its type and, where it tells, its stream, its run or its own name. */
export function titleOf(name: string, doc: unknown): string {
  const { name: stream, uid, datum_id: datumId } = (doc ?? {}) as Record<string, unknown>;
  if (name === "descriptor" && typeof stream === "string") return `descriptor of stream "${stream}"`;
  const id = uid ?? datumId;
  return typeof id === "string" ? `${name} ${id}` : name;
}

export function streamOf(name: string, doc: unknown): string | undefined {
  const stream = (doc as Record<string, unknown> | null)?.name;
  return name === "descriptor" && typeof stream === "string" ? stream : undefined;
}

/** The error for a document that its schema refuses, from what the validator found. */
export function schemaError(name: string, doc: unknown, faults: readonly SchemaFault[]): InvalidDocument {
  const fault = mostTelling(faults);
  const where = fault?.instancePath.slice(1).split("/").map(unescapePointer).join(".") ?? "";
  const { text, key, code } = explain(fault, where);
  return new InvalidDocument(`${titleOf(name, doc)}: ${text}`, {
    code,
    documentName: name,
    stream: streamOf(name, doc),
    key,
  });
}

/** What is wrong with a key of a document, and what to call it instead. */
export function explainKey(key: string, where: string): string {
  const place = where === "" ? "" : ` in ${where}`;
  if (key === "") return `an empty key${place}: every key needs a name`;
  const better = key.replace(/[./]/g, "_").replace(/^\$/, "");
  const reason = key.startsWith("$") ? "begins with $, which MongoDB takes for an operator" : "has a dot or a slash";
  return `key "${key}"${place} ${reason}, and readers can't address it: name it "${better}"`;
}

function explain(
  fault: SchemaFault | undefined,
  where: string,
): { text: string; key: string; code: DocumentErrorCode } {
  if (fault === undefined) return { text: "is not valid", key: where, code: "schema" };
  const { additionalProperty, missingProperty, allowedValues } = fault.params;
  if (typeof additionalProperty === "string") {
    const isBadName = additionalProperty === "" || /[./]/.test(additionalProperty);
    const text = isBadName
      ? explainKey(additionalProperty, where)
      : `has no member "${additionalProperty}"${at(where)}`;
    return { text, key: additionalProperty, code: isBadName ? "key" : "schema" };
  }
  if (typeof missingProperty === "string") {
    return { text: `"${missingProperty}" is missing${at(where)}`, key: missingProperty, code: "schema" };
  }
  const allowed = Array.isArray(allowedValues) ? `: ${allowedValues.join(", ")}` : "";
  return {
    text: `${where === "" ? "it" : where} ${fault.message ?? "is not valid"}${allowed}`,
    key: where,
    code: "schema",
  };
}

// The last says only that no alternative fits. When each wants another type, those make the message; else the one that came furthest does.
function mostTelling(faults: readonly SchemaFault[]): SchemaFault | undefined {
  const last = faults.at(-1);
  if (last?.keyword !== "anyOf") return last;
  const inner = faults.slice(0, -1).filter(({ instancePath }) => instancePath.startsWith(last.instancePath));
  const types = inner.filter(({ keyword, instancePath }) => keyword === "type" && instancePath === last.instancePath);
  if (inner.length > 0 && types.length === inner.length) {
    return { ...last, message: `must be ${types.map(({ params }) => params.type).join(" or ")}` };
  }
  return inner.find((fault) => !types.includes(fault)) ?? last;
}

function at(where: string): string {
  return where === "" ? "" : ` in ${where}`;
}

function unescapePointer(part: string): string {
  return part.replace(/~1/g, "/").replace(/~0/g, "~");
}
