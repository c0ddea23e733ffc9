import { readFile, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import Ajv2020 from "ajv/dist/2020.js";
import standaloneCode from "ajv/dist/standalone/index.js";

type Schema = Record<string, any>;
type Compile = (schema: Schema, name: string, options: Record<string, unknown>) => Promise<string>;

// Its declarations don't compile under exactOptionalPropertyTypes, so the compiler must not see them.
const typeGenerator: string = "json-schema-to-typescript";

const schemasFolder = fileURLToPath(new URL("../src/documents/schemas/", import.meta.url));
const generatedFolder = fileURLToPath(new URL("../src/documents/generated/", import.meta.url));

const schemaFiles = {
  start: "run-start.json",
  stop: "run-stop.json",
  descriptor: "event-descriptor.json",
  event: "event.json",
  event_page: "event-page.json",
  resource: "resource.json",
  datum: "datum.json",
  datum_page: "datum-page.json",
  stream_resource: "stream-resource.json",
  stream_datum: "stream-datum.json",
  bulk_events: "bulk-events.json",
  bulk_datum: "bulk-datum.json",
} as const;

const banner = "// Made by tools/generate-documents.ts from src/documents/schemas; change those and run it.\n";

/** The sources of the generated files by file name, made anew from the schemas. */
export async function generateDocuments(): Promise<Record<string, string>> {
  const schemas = await readSchemas();
  return { "types.ts": await generateTypes(schemas), "validators.ts": generateValidators(schemas) };
}

/** Compiles the schemas as they stand, with the columns of pages, for documents in plain form. */
export async function compileSchemas(): Promise<Map<string, (document: unknown) => boolean>> {
  const ajv = newAjv();
  const schemas = await readSchemas();
  for (const schema of schemas.values()) ajv.addSchema(bare(schema));
  const compiled = new Map<string, (document: unknown) => boolean>();
  for (const [name, schema] of schemas) {
    const validator = ajv.getSchema(schema.$id);
    if (validator !== undefined) compiled.set(name, (document) => validator(document) === true);
  }
  return compiled;
}

async function readSchemas(): Promise<Map<string, Schema>> {
  const schemas = new Map<string, Schema>();
  for (const [name, file] of Object.entries(schemaFiles)) {
    schemas.set(name, JSON.parse(await readFile(`${schemasFolder}${file}`, "utf8")));
  }
  return schemas;
}

function newAjv() {
  return new Ajv2020.default({
    strict: true,
    strictTypes: false,
    strictNumbers: false,
    allowMatchingProperties: true,
    code: { source: true, esm: true, lines: true },
  });
}

async function generateTypes(schemas: ReadonlyMap<string, Schema>): Promise<string> {
  const { compile }: { compile: Compile } = await import(typeGenerator);
  const parts = [banner];
  for (const schema of schemas.values()) {
    const declaration = await compile(forTypes(structuredClone(schema)), schema.title, {
      cwd: schemasFolder,
      bannerComment: "",
      additionalProperties: true,
      style: { printWidth: 120 },
    });
    parts.push(declaration);
  }
  return parts.join("\n");
}

// Free metadata is `unknown` for TypeScript, whatever its keys must look like.
function forTypes(schema: Schema): Schema {
  if ("patternProperties" in schema) {
    delete schema.patternProperties;
    schema.additionalProperties = { tsType: "unknown" };
  }
  return schema;
}

function generateValidators(schemas: ReadonlyMap<string, Schema>): string {
  const ajv = newAjv();
  const exported: Record<string, string> = {};
  for (const [name, schema] of schemas) {
    ajv.addSchema(name.endsWith("_page") ? withoutColumns(bare(schema)) : bare(schema));
    exported[name] = schema.$id;
  }
  const code = standaloneCode.default(ajv, exported);
  if (/\brequire\(/.test(code)) {
    throw new Error("a schema uses a keyword whose validator needs ajv at run time (minLength, uniqueItems, format)");
  }
  const typed = code
    .replace('"use strict";', "")
    .replace(/^export const (\w+) = (\w+);/gm, "export const $1: Validator = $2;");
  return `// @ts-nocheck\n${banner}import type { Validator } from "../validator.ts";\n\n${typed}`;
}

// What people and TypeScript read in a schema has no place in the validator, which carries its schema with it.
// The bounds keep out infinity, which ajv takes for an integer and Python doesn't.
function bare(schema: Schema): Schema {
  return JSON.parse(JSON.stringify(schema), (key, value) => {
    if ((key === "description" || key === "tsType" || key === "$schema") && typeof value === "string") return undefined;
    if (value?.type === "integer") return { ...value, minimum: -Number.MAX_VALUE, maximum: Number.MAX_VALUE };
    return value;
  });
}

// On the bus a column may be a typed array, which no JSON Schema accepts as an array: columns are checked by hand there.
function withoutColumns(schema: Schema): Schema {
  const envelope = structuredClone(schema);
  for (const name of Object.keys(envelope.$defs)) envelope.$defs[name] = {};
  for (const property of Object.values<Schema>(envelope.properties)) {
    if (property.type === "array") {
      delete property.type;
      delete property.items;
    }
  }
  return envelope;
}

if (process.argv[1] !== undefined && basename(process.argv[1]) === "generate-documents.ts") {
  for (const [file, source] of Object.entries(await generateDocuments())) {
    await writeFile(`${generatedFolder}${file}`, source);
  }
}
