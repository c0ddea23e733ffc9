import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./setup/paths.mjs";

const TYPES = new Map([
  ["u32", "number"],
  ["u16", "number"],
  ["f64", "number"],
  ["bool", "boolean"],
  ["String", "string"],
  ["Uint32Array", "Uint32Array"],
  ["Unknown", "unknown"],
  ["()", "void"],
]);

/** The addon's type definitions, read from its `#[napi]` functions and objects: no compiler is needed to check them. */
export function nativeTypes(directory = join(root, "native/src")) {
  const sources = readdirSync(directory)
    .filter((name) => name.endsWith(".rs"))
    .sort()
    .map((name) => readFileSync(join(directory, name), "utf8"));
  const objects = sources.flatMap((source) => objectsOf(source));
  const names = new Set(objects.map(({ name }) => name));
  const lines = ["// Made by tools/native-types.mjs from native/src; a test says when it is out of date.", ""];
  for (const { name, fields } of objects) {
    lines.push(`export interface ${name} {`, ...fields.map((field) => `  ${declare(field, names)};`), "}", "");
  }
  for (const source of sources) {
    const items = [...source.matchAll(FUNCTION)];
    const written = source.match(/#\[napi\(\s*catch_unwind/g)?.length ?? 0;
    if (items.length !== written) throw new Error(`native-types: read ${items.length} of ${written} functions`);
    for (const item of items) lines.push(...functionOf(item, names));
  }
  return `${lines.join("\n").trimEnd()}\n`;
}

const OBJECT = /#\[napi\(object\)\]\s*(?:#\[derive[^\]]*\]\s*)?pub struct (\w+) \{([^}]*)\}/g;
const FUNCTION =
  /((?:[ \t]*\/\/\/[^\n]*\n)*)#\[napi\(\s*catch_unwind(?:,\s*ts_args_type = "([^"]*)"\s*)?\)\]\s*pub fn (\w+)\(([\s\S]*?)\)\s*(?:->([^{]*))?\{/g;

function objectsOf(source) {
  return [...source.matchAll(OBJECT)].map(([, name, body]) => ({
    name,
    fields: [...body.matchAll(/pub (\w+): ([^,\n]+)/g)].map(([, field, type]) => ({ name: field, type })),
  }));
}

function functionOf([, comment, given, name, parameters, result], objects) {
  const lines = comment
    .split("\n")
    .map((line) => line.replace(/^\s*\/\/\/ ?/, "").trim())
    .filter((line) => line !== "");
  const doc = lines.length > 0 ? [`/** ${lines.join(" ")} */`] : [];
  const list = given ?? parametersOf(parameters, objects);
  const answer = typeOf((result ?? "()").trim().replace(/^Result<(.*)>$/s, "$1"), objects);
  return [...doc, `export declare function ${camel(name)}(${list}): ${answer};`];
}

function parametersOf(text, objects) {
  const parameters = text.replace(/\s+/g, " ").matchAll(/(?:#\[napi\(ts_arg_type = "([^"]*)"\)\] )?(\w+): ([^,]+)/g);
  return [...parameters]
    .filter(([, , , type]) => type.trim() !== "Env")
    .map(([, given, name, type]) => `${camel(name)}: ${given ?? typeOf(type, objects)}`)
    .join(", ");
}

function declare({ name, type }, objects) {
  const optional = /^Option<(.*)>$/.exec(type.trim())?.[1];
  return optional === undefined
    ? `${camel(name)}: ${typeOf(type, objects)}`
    : `${camel(name)}?: ${typeOf(optional, objects)}`;
}

function typeOf(rust, objects) {
  const type = rust.trim();
  const list = /^Vec<(.*)>$/.exec(type)?.[1];
  if (list !== undefined) return `${typeOf(list, objects)}[]`;
  const known = objects.has(type) ? type : TYPES.get(type);
  if (known === undefined) throw new Error(`native-types: there is no TypeScript for the Rust type ${type}`);
  return known;
}

function camel(name) {
  return name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  writeFileSync(join(root, "native/index.d.ts"), nativeTypes());
}
