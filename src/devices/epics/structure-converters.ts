import type { Datatype } from "../datatype.ts";
import { DatatypeMismatchError } from "../errors.ts";
import type { NdArray } from "../nd-array.ts";
import type { ChannelMetadata } from "./channel-types.ts";
import type { Converter } from "./converter.ts";
import { ELEMENTS, nameOfKind } from "./inference.ts";

type Columns = Readonly<Record<string, ArrayLike<unknown>>>;

/** Columns as they are declared; those of booleans may travel as bytes, as servers without a boolean type send them. */
export function tableConverter(source: string, datatype: Datatype<any>, metadata: ChannelMetadata): Converter<Columns> {
  const declared = datatype.columns ?? {};
  const carried = new Map((metadata.columns ?? []).map(({ name, kind }) => [name, kind]));
  const faults = [
    ...[...carried.keys()].filter((name) => !(name in declared)).map((name) => `it has a column ${name} too`),
    ...Object.keys(declared).flatMap((name) => {
      const column = declared[name] as Datatype<any>;
      const kind = carried.get(name);
      if (kind === undefined) return [`it lacks the column ${name}`];
      const fits = column.kind === "array" ? fitsElement(column.element, ELEMENTS[kind]) : kind === "string";
      return fits ? [] : [`its column ${name} is ${kind}, not ${column.label}`];
    }),
  ];
  if (faults.length > 0) {
    throw new DatatypeMismatchError(source, datatype.label, nameOfKind(metadata), faults.join(", "));
  }
  const flags = Object.keys(declared).filter((name) => declared[name]?.element === "bool");
  return {
    fromChannel(raw) {
      // The addon says null before a server has published anything: that is a table without rows.
      const columns = (raw ?? datatype.initial) as Columns;
      const table = Object.fromEntries(Object.keys(declared).map((name) => [name, columns[name]]));
      for (const name of flags) table[name] = Array.from(table[name] as Uint8Array, (item) => item !== 0);
      try {
        return datatype.check(table);
      } catch (error) {
        throw new DatatypeMismatchError(source, datatype.label, "another table", (error as Error).message);
      }
    },
    toChannel: (table) => ({
      ...table,
      ...Object.fromEntries(flags.map((name) => [name, Uint8Array.from(table[name] as ArrayLike<any>, Number)])),
    }),
  };
}

function fitsElement(declared: string | undefined, carried: string | undefined): boolean {
  return declared === carried || (declared === "bool" && carried === "u8");
}

export function frames(source: string): Converter<NdArray> {
  return {
    fromChannel(raw) {
      // The addon says null before a server has published anything.
      if (raw !== null) return raw as unknown as NdArray;
      throw new DatatypeMismatchError(source, "t.ndarray", "empty", "it has sent no frame yet");
    },
    toChannel() {
      throw new TypeError(`${source}: Writing to NDArray not supported`);
    },
  };
}
