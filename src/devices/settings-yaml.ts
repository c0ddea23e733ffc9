import { Document, parse, type ScalarTag, visit } from "yaml";

/** A plain scalar that PyYAML takes for more than a text. Both ways stand on these rules: a text that looks like one is quoted. */
function plainScalar(
  type: string,
  test: RegExp,
  resolve: (text: string) => unknown,
  written: Partial<Pick<ScalarTag, "identify" | "stringify">> = {},
): ScalarTag {
  return { tag: `tag:yaml.org,2002:${type}`, default: true, test, resolve, ...written };
}

/**
 * The rules of PyYAML, which are not quite those of YAML 1.1 and not at all those of 1.2: `y` and `1e3` are texts, `no` and
 * `1:30` are not.
 */
const TAGS: ScalarTag[] = [
  plainScalar("null", /^(?:~|null|Null|NULL|)$/, () => null, {
    identify: (value) => value === null || value === undefined,
    stringify: () => "null",
  }),
  plainScalar("bool", /^(?:yes|Yes|YES|true|True|TRUE|on|On|ON)$/, () => true, {
    identify: (value) => typeof value === "boolean",
    stringify: ({ value }) => String(value),
  }),
  plainScalar("bool", /^(?:no|No|NO|false|False|FALSE|off|Off|OFF)$/, () => false),
  plainScalar("int", /^[-+]?(?:0|[1-9][0-9_]*)$/, (text) => BigInt(bare(text)), {
    identify: (value) => typeof value === "bigint" || (Number.isSafeInteger(value) && !Object.is(value, -0)),
    stringify: ({ value }) => String(value),
  }),
  plainScalar("int", /^[-+]?(?:0b[01_]+|0x[0-9a-fA-F_]+)$/, integer),
  plainScalar("int", /^[-+]?0[0-7_]+$/, (text) => integer(text.replace("0", "0o"))),
  plainScalar("int", /^[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+$/, (text) => BigInt(sexagesimal(text))),
  plainScalar("float", /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*$/, sexagesimal),
  plainScalar(
    "float",
    /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)(?:[eE][-+][0-9]+)?$/,
    (text) => Number(bare(text)),
    {
      identify: (value) => typeof value === "number",
      stringify: ({ value }) => floatText(value as number),
    },
  ),
  plainScalar("float", /^[-+]?\.(?:inf|Inf|INF)$/, (text) => (text.startsWith("-") ? -Infinity : Infinity)),
  plainScalar("float", /^\.(?:nan|NaN|NAN)$/, () => Number.NaN),
  // Dates, merges and the value key stay texts, and are never written without quotes.
  plainScalar("timestamp", /^(?:\d{4}-\d\d?-\d\d?(?:[Tt \t].*)?|<<|=)$/, (text) => text, { identify: () => false }),
];

/** A map of settings as ophyd-async stores them: one line each, arrays on one line, tables as maps of arrays. */
export function settingsToYaml(values: Readonly<Record<string, unknown>>): string {
  const document = new Document(plain(values), { schema: "failsafe", customTags: TAGS });
  visit(document, {
    Seq(_, sequence) {
      sequence.flow = true;
    },
  });
  return document.toString({ lineWidth: 0, directives: false });
}

/** Reads what this or ophyd-async has written; whole numbers come as bigints. A file of maps in a list is merged, later ones win. */
export function settingsFromYaml(text: string): Record<string, unknown> {
  const content: unknown = parse(text, { schema: "failsafe", customTags: TAGS });
  if (content === null || content === undefined) return {};
  if (Array.isArray(content)) return Object.assign({}, ...content);
  if (typeof content === "object") return content as Record<string, unknown>;
  throw new TypeError("settings are a map of names and values, and this file is none");
}

function bare(text: string): string {
  return text.replaceAll("_", "").replace(/^\+/, "");
}

function integer(text: string): bigint {
  const digits = bare(text);
  return digits.startsWith("-") ? -BigInt(digits.slice(1)) : BigInt(digits);
}

/** Minutes and seconds: `1:30` is 90. */
function sexagesimal(text: string): number {
  const sign = text.startsWith("-") ? -1 : 1;
  const parts = bare(text).replace("-", "").split(":");
  return sign * parts.reduce((sum, part) => sum * 60 + Number(part), 0);
}

/** With a point always: without one `1e-7` would be a text to Python, and 1e20 an integer that no array of doubles takes. */
function floatText(value: number): string {
  if (Number.isNaN(value)) return ".nan";
  if (!Number.isFinite(value)) return value > 0 ? ".inf" : "-.inf";
  const text = Object.is(value, -0) ? "-0" : String(value);
  if (text.includes(".")) return text;
  return text.includes("e") ? text.replace("e", ".0e") : `${text}.0`;
}

function plain(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<unknown>);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
}
