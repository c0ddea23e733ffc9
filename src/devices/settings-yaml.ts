import { Document, parse, type ScalarTag, visit } from "yaml";

/** Numbers as YAML 1.1 reads them: without a point `1e-7` would be a text to Python. */
const FLOAT: ScalarTag = {
  tag: "tag:yaml.org,2002:float",
  default: true,
  identify: (value) => typeof value === "number" && !Number.isSafeInteger(value),
  // Matches nothing: it is for writing only.
  test: /(?!)/,
  resolve: Number,
  stringify: ({ value }) => {
    const number = value as number;
    if (Number.isNaN(number)) return ".nan";
    if (!Number.isFinite(number)) return number > 0 ? ".inf" : "-.inf";
    const text = String(number);
    return text.includes("e") && !text.includes(".") ? text.replace("e", ".0e") : text;
  },
};

/** A map of settings as ophyd-async stores them: one line each, arrays on one line, tables as maps of arrays. */
export function settingsToYaml(values: Readonly<Record<string, unknown>>): string {
  const document = new Document(plain(values), { version: "1.1", customTags: (tags) => [FLOAT, ...tags] });
  visit(document, {
    Seq(_, sequence) {
      sequence.flow = true;
    },
  });
  return document.toString({ lineWidth: 0, directives: false });
}

/** Reads what this or ophyd-async has written; whole numbers come as bigints. A file of maps in a list is merged, later ones win. */
export function settingsFromYaml(text: string): Record<string, unknown> {
  const content: unknown = parse(text, { version: "1.1", intAsBigInt: true });
  if (content === null || content === undefined) return {};
  if (Array.isArray(content)) return Object.assign({}, ...content);
  if (typeof content === "object") return content as Record<string, unknown>;
  throw new TypeError("settings are a map of names and values, and this file is none");
}

function plain(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<unknown>);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
}
