import type { ChannelInfo, ChannelKind, ChannelMetadata } from "../../devices/epics/index.ts";

/** What was typed can't be a value of its PV; nothing was written. */
export class EnteredValueError extends Error {
  override readonly name = "EnteredValueError";
}

export interface EnteredOptions {
  /** Enums by their index only, also where a label looks like a number. */
  readonly numeric: boolean;
  /** The text goes into an array of bytes. */
  readonly longString: boolean;
  /** Of an array the number of elements comes first, as `caput -a` wants it. */
  readonly counted: boolean;
}

/** The words of the command line as the value of this channel. Throws `EnteredValueError`, which tells what would do. */
export function enteredValue(
  pv: string,
  words: readonly string[],
  { info, choices }: ChannelMetadata,
  options: EnteredOptions,
): unknown {
  const { kind, isArray } = info;
  if (options.longString) return longString(pv, words, info);
  if (kind === "table" || kind === "structure" || kind === "ndarray" || kind === "unknown")
    return structured(pv, words);
  const one = (word: string): unknown =>
    kind === "enum" ? enumValue(pv, word, choices ?? [], options.numeric) : scalar(pv, word, kind);
  if (!isArray) {
    if (words.length === 1 && !options.counted) return one(words[0] as string);
    const hint = kind === "string" ? "; quote text that has spaces" : "";
    throw new EnteredValueError(`${pv} takes one value, not ${options.counted ? "an array" : words.length}${hint}`);
  }
  return elements(pv, words, options.counted).map(one);
}

function elements(pv: string, words: readonly string[], counted: boolean): readonly string[] {
  if (!counted) return words.length === 1 && /^\[.*\]$/s.test(words[0] as string) ? listed(words[0] as string) : words;
  const [count, ...rest] = words;
  if (Number(count) === rest.length) return rest;
  throw new EnteredValueError(
    `${pv}: with -a the number of elements comes first; it says ${count}, and ${rest.length} follow`,
  );
}

/** `[1, 2, 3]` as pvput takes it; text elements may be quoted. */
function listed(text: string): readonly string[] {
  const items = text.slice(1, -1).match(/"(?:[^"\\]|\\.)*"|[^,\s][^,]*/g) ?? [];
  return items.map((item) => (item.startsWith('"') ? (JSON.parse(item) as string) : item.trim()));
}

function scalar(pv: string, word: string, kind: ChannelKind): unknown {
  switch (kind) {
    case "string":
      return word;
    case "bool":
      return bool(pv, word);
    case "float32":
    case "float64":
      return float(pv, word);
    default:
      return integer(pv, word);
  }
}

function enumValue(pv: string, word: string, choices: readonly string[], numeric: boolean): number {
  const index = numeric ? -1 : choices.indexOf(word);
  if (index >= 0) return index;
  if (/^\d+$/.test(word) && Number(word) < choices.length) return Number(word);
  const labels = choices.map((choice, at) => `${at} ${JSON.stringify(choice)}`).join(", ");
  throw new EnteredValueError(`${pv} has no choice ${JSON.stringify(word)}; it has ${labels || "none"}`);
}

const TRUE = ["true", "1", "on", "yes"];
const FALSE = ["false", "0", "off", "no"];

function bool(pv: string, word: string): boolean {
  const lower = word.toLowerCase();
  if (TRUE.includes(lower)) return true;
  if (FALSE.includes(lower)) return false;
  throw new EnteredValueError(`${pv} takes true or false, not ${JSON.stringify(word)}`);
}

/** Of any size: what is beyond the channel's type is the channel's to refuse. */
function integer(pv: string, word: string): bigint {
  const sign = word.startsWith("-") ? -1n : 1n;
  const digits = word.replace(/^[-+]/, "");
  if (/^(\d+|0x[\da-f]+|0b[01]+|0o[0-7]+)$/i.test(digits)) return sign * BigInt(digits);
  const number = Number(word);
  if (word.trim() !== "" && Number.isSafeInteger(number)) return BigInt(number);
  throw new EnteredValueError(`${pv} takes whole numbers, not ${JSON.stringify(word)}`);
}

const SPECIAL: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  infinity: Number.POSITIVE_INFINITY,
};

function float(pv: string, word: string): number {
  const number = Number(word);
  if (word.trim() !== "" && !Number.isNaN(number)) return number;
  const special = SPECIAL[word.toLowerCase().replace(/^[-+]/, "")];
  if (special === undefined) throw new EnteredValueError(`${pv} takes numbers, not ${JSON.stringify(word)}`);
  return word.startsWith("-") ? -special : special;
}

/** Ends with a zero, as other clients expect it, where there is room for one. */
function longString(pv: string, words: readonly string[], { kind, count }: ChannelInfo): unknown {
  if (words.length !== 1) throw new EnteredValueError(`${pv} takes one text with -S; quote it`);
  const [text = ""] = words;
  if (kind === "string") return text;
  if (kind !== "uint8" && kind !== "int8") throw new EnteredValueError(`${pv} holds no bytes for -S, but ${kind}`);
  const bytes = Buffer.from(text);
  const ended = bytes.length === count ? bytes : [...bytes, 0];
  return kind === "uint8" ? Uint8Array.from(ended) : Int8Array.from(ended);
}

function structured(pv: string, words: readonly string[]): unknown {
  try {
    return JSON.parse(words.join(" "));
  } catch {
    throw new EnteredValueError(`${pv} is a structure: give its fields as JSON, for example '{"value": 1}'`);
  }
}
