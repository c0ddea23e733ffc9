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

/** Changes a document in one to three places: a member goes, comes, gets another name or another value. */
export function mutated(document: fc.Arbitrary<Record<string, unknown>>): fc.Arbitrary<unknown> {
  const change = fc.record({ place: fc.nat(), kind: fc.nat({ max: 4 }), key: fc.nat(), junk: fc.nat() });
  return fc.tuple(document, fc.array(change, { minLength: 1, maxLength: 3 })).map(([original, changes]) => {
    const root = { doc: structuredClone(original) as unknown };
    for (const { place, kind, key, junk } of changes) {
      const places = placesOf(root);
      const [holder, member] = places[place % places.length] as Place;
      apply(holder, member, kind, NEW_KEYS[key % NEW_KEYS.length] as string, structuredClone(JUNK[junk % JUNK.length]));
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

function apply(holder: any, member: string | number, kind: number, key: string, junk: unknown): void {
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
  } else {
    holder[member] = junk;
  }
}
