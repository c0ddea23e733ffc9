import fc from "fast-check";

const JUNK: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  1e21,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  "",
  "x",
  "a.b",
  "STREAM:",
  [],
  [null],
  [1],
  [1.5],
  ["x"],
  [[]],
  [{ "a.b": 1 }],
  {},
  { x: 1 },
  { "a.b": 1 },
  { "": 1 },
  { $x: 1 },
  { a: { "b/c": 1 } },
  { a: [{ "b.c": 1 }] },
];
const NEW_KEYS = [
  "extra",
  "a.b",
  "a/b",
  "",
  "$x",
  "uid",
  "time",
  "name",
  "hints",
  "fields",
  "NX_class",
  "filled",
  "limits",
];

/**
 * Changes a document in one to three places: a member goes, comes, gets another name, another value, the value of another member, its own in the
 * form of another type, or in a list or out of it.
 */
export function mutated(document: fc.Arbitrary<Record<string, unknown>>): fc.Arbitrary<unknown> {
  const change = fc.record({ place: fc.nat(), kind: fc.nat({ max: 7 }), key: fc.nat(), junk: fc.nat() });
  return fc.tuple(document, fc.array(change, { minLength: 1, maxLength: 3 })).map(([original, changes]) => {
    const root = { doc: structuredClone(original) as unknown };
    for (const { place, kind, key, junk } of changes) {
      const places = placesOf(root);
      const [holder, member] = places[place % places.length] as Place;
      const [other, its] = places[junk % places.length] as Place;
      const values = { junk: structuredClone(JUNK[junk % JUNK.length]), other: structuredClone(other[its]) };
      apply(holder, member, kind, NEW_KEYS[key % NEW_KEYS.length] as string, values);
    }
    return root.doc;
  });
}

type Holder = Record<string, unknown> | unknown[];
type Place = [holder: any, member: string | number];

function placesOf(holder: Holder): Place[] {
  return Object.entries(holder).flatMap(([member, value]): Place[] => {
    const here: Place = [holder, Array.isArray(holder) ? Number(member) : member];
    return typeof value === "object" && value !== null ? [here, ...placesOf(value as Holder)] : [here];
  });
}

function apply(
  holder: any,
  member: string | number,
  kind: number,
  key: string,
  { junk, other }: { junk: unknown; other: unknown },
): void {
  const value = holder[member];
  const isRoot = member === "doc" && !Array.isArray(holder) && Object.keys(holder).length === 1;
  if (kind === 0 && !isRoot) {
    if (Array.isArray(holder)) holder.splice(member as number, 1);
    else delete holder[member];
  } else if (kind === 1 && !isRoot && !Array.isArray(holder)) {
    delete holder[member];
    holder[key] = value;
  } else if (kind === 2 && Array.isArray(value)) {
    value.push(junk);
  } else if (kind === 3 && typeof value === "object" && value !== null && !Array.isArray(value)) {
    value[key] = junk;
  } else if (kind === 5 && !isRoot && !hasBigint(other)) {
    holder[member] = other;
  } else if (kind === 6 && !isRoot) {
    holder[member] = disguised(value);
  } else if (kind === 7 && !isRoot) {
    holder[member] = Array.isArray(value) ? (value[0] ?? null) : [value];
  } else {
    holder[member] = junk;
  }
}

/** The same in another type: a number as text, text as a number, an integer with a fraction, a truth as 0 or 1. */
function disguised(value: unknown): unknown {
  if (typeof value === "number") return Number.isSafeInteger(value) && value % 2 === 0 ? value + 0.5 : String(value);
  if (typeof value === "string") return value.length;
  if (typeof value === "boolean") return Number(value);
  return value === null ? "null" : JSON.stringify(Object.keys(value as object));
}

/** Schemas are for wire form, where only data has integers of 64 bits. */
function hasBigint(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return typeof value === "bigint";
  return Object.values(value).some(hasBigint);
}
