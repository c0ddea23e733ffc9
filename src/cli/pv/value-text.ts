import type { ChannelMetadata } from "../../devices/epics/index.ts";

/** How values are told to people. */
export interface ValueStyle {
  /** Enums as their index. */
  readonly numeric: boolean;
  /** Arrays of bytes as the text that they hold. */
  readonly longString: boolean;
  /** No more elements of an array than these; all by default. */
  readonly elements?: number;
  /** Floats with this many digits, as C's `%e`, `%f` and `%g` would; without it as few as tell them from all others. */
  readonly digits?: { readonly format: "e" | "f" | "g"; readonly count: number };
  /** Between the elements of an array. */
  readonly separator: string;
}

/** The value as text: an array as its count and its elements, an enum by its label, a structure with a line for each field. */
export function valueText(value: unknown, metadata: ChannelMetadata, style: ValueStyle): string {
  const label = style.numeric ? undefined : labelOf(value, metadata);
  if (label !== undefined) return printable(label);
  const text = style.longString ? longText(value) : undefined;
  if (text !== undefined) return printable(text);
  return plainText(value, style, typeOf(metadata.info.kind));
}

/** The text in an array of bytes, up to its first zero; undefined when the value is no such array. */
export function longText(value: unknown): string | undefined {
  if (!(value instanceof Uint8Array || value instanceof Int8Array)) return undefined;
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  const end = bytes.indexOf(0);
  return bytes.toString("utf8", 0, end < 0 ? bytes.length : end);
}

/** The label of an enum's value, if it has one. */
export function labelOf(value: unknown, { info, choices }: ChannelMetadata): string | undefined {
  return info.kind === "enum" && typeof value === "number" ? choices?.[value] : undefined;
}

/** The first elements of an array; what is no array stays as it is. */
export function firstElements<T>(value: T, count: number | undefined): T {
  if (count === undefined) return value;
  if (Array.isArray(value)) return value.slice(0, count) as T;
  return ArrayBuffer.isView(value)
    ? (value as unknown as { slice(from: number, to: number): T }).slice(0, count)
    : value;
}

/** What a number is on the wire, as far as it matters for its text. */
type NumberType = "integer" | "float32" | "float64";

function typeOf(kind: string): NumberType {
  return kind === "float32" || kind === "float64" ? kind : "integer";
}

function plainText(value: unknown, style: ValueStyle, type: NumberType): string {
  switch (typeof value) {
    case "number":
      return numberText(value, style, type);
    case "string":
      return printable(value);
    case "object":
      if (value === null) return "(none)";
      if (ArrayBuffer.isView(value))
        return arrayText([...(value as unknown as Iterable<unknown>)], style, typeOfArray(value));
      if (!Array.isArray(value)) return fieldsText(value, style);
      return value.some(isStructure) ? itemsText(value, style) : arrayText(value, style, type);
    default:
      return String(value);
  }
}

function typeOfArray(array: ArrayBufferView): NumberType {
  if (array instanceof Float32Array) return "float32";
  return array instanceof Float64Array ? "float64" : "integer";
}

function arrayText(elements: readonly unknown[], style: ValueStyle, type: NumberType): string {
  const shown = firstElements(elements, style.elements).map((element) =>
    typeof element === "string" ? elementText(element, style.separator) : plainText(element, style, type),
  );
  return [String(shown.length), ...shown].join(style.separator);
}

/** Quoted where it could not be told from its neighbours. */
function elementText(text: string, separator: string): string {
  return text === "" || text.includes(separator) || /[\s"]/.test(text) ? JSON.stringify(text) : printable(text);
}

function fieldsText(structure: object, style: ValueStyle): string {
  return indented(Object.entries(structure).map(([name, field]) => `${name} ${plainText(field, style, "float64")}`));
}

function itemsText(items: readonly unknown[], style: ValueStyle): string {
  return `${items.length}${indented(items.map((item, at) => `[${at}] ${plainText(item, style, "float64")}`))}`;
}

function indented(lines: readonly string[]): string {
  return lines.map((line) => `\n${line}`.replaceAll("\n", "\n    ")).join("");
}

function isStructure(value: unknown): boolean {
  return typeof value === "object" && value !== null && !ArrayBuffer.isView(value);
}

const FLOAT32_DIGITS = [6, 7, 8, 9];

function numberText(value: number, { digits }: ValueStyle, type: NumberType): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (type === "integer") return String(value);
  if (digits?.format === "e") return value.toExponential(digits.count);
  if (digits?.format === "f") return value.toFixed(digits.count);
  if (digits?.format === "g") return String(Number(value.toPrecision(Math.max(1, digits.count))));
  if (Object.is(value, -0)) return "-0";
  const short = type === "float32" ? FLOAT32_DIGITS.map((count) => Number(value.toPrecision(count))) : [];
  return String(short.find((shorter) => Math.fround(shorter) === value) ?? value);
}

/** Control characters escaped: what a record holds must not steer the terminal. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`);
}
