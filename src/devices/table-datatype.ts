import { type Datatype, sameValue, show } from "./datatype.ts";

/** What a column may hold: `t.array.*`, `t.strings`, or an enum for a column of its labels. */
export type Column = Datatype<any>;

/** The columns of a table by their names, each the array of its type; all of one length. */
export type TableOf<S extends Readonly<Record<string, Column>>> = {
  readonly [K in keyof S]: S[K] extends Datatype<infer T> ? ([T] extends [string] ? readonly T[] : T) : never;
};

/** A table with these columns. The names and types of the channel's columns must be the same; their order is the channel's own. */
export function table<const S extends Readonly<Record<string, Column>>>(columns: S): Datatype<TableOf<S>> {
  const names = Object.keys(columns);
  if (names.length === 0) throw new TypeError("a table needs at least one column");
  const label = `t.table({ ${names.map((name) => `${name}: ${columns[name]?.label}`).join(", ")} })`;
  for (const name of names) {
    const kind = columns[name]?.kind;
    if (kind === "array" || kind === "strings" || kind === "enum") continue;
    throw new TypeError(`${label}: a column is one of t.array.*, t.strings or t.enum, which ${name} is not`);
  }
  const each = <R>(use: (name: string, column: Column) => R): R[] =>
    names.map((name) => use(name, columns[name] as Column));
  return {
    kind: "table",
    label,
    columns,
    initial: Object.fromEntries(
      each((name, column) => [name, column.kind === "enum" ? [] : column.initial]),
    ) as TableOf<S>,
    check(value) {
      if (typeof value !== "object" || value === null || Array.isArray(value) || ArrayBuffer.isView(value)) {
        throw new TypeError(`${show(value)} is not an object of columns (${label})`);
      }
      const given = value as Record<string, ArrayLike<unknown>>;
      const extra = Object.keys(given).filter((name) => !names.includes(name));
      if (extra.length > 0) throw new TypeError(`there is no column ${extra.join(", ")} in ${label}`);
      for (const name of names) checkColumn(name, columns[name] as Column, given[name]);
      if (new Set(names.map((name) => given[name]?.length)).size > 1) {
        const lengths = names.map((name) => `${name}: ${given[name]?.length}`).join(", ");
        throw new TypeError(`Columns should be same length, got lengths={${lengths}}`);
      }
      return value as TableOf<S>;
    },
    describe: (value) => ({
      dtype: "array",
      shape: [(value as Record<string, ArrayLike<unknown>>)[names[0] ?? ""]?.length ?? 0],
      dtype_numpy: each((name, column) => [name, numpyOf(column)]),
    }),
    equals: sameValue,
  };
}

function checkColumn(name: string, column: Column, value: unknown): void {
  if (value === undefined) throw new TypeError(`the column ${name} is missing`);
  try {
    if (column.kind !== "enum") column.check(value);
    else if (Array.isArray(value)) for (const item of value) column.check(item);
    else throw new TypeError(`${show(value)} is not an array of labels`);
  } catch (error) {
    throw new TypeError(`column ${name}: ${(error as Error).message}`, { cause: error });
  }
}

function numpyOf(column: Column): string {
  const numpy = column.describe(column.initial).dtype_numpy;
  return typeof numpy === "string" ? numpy : "|S40";
}
