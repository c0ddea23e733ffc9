import { type Datatype, t } from "cerulean/devices";
import { type Element, elements, FRAMES, LABELS } from "./elements.ts";

export type Protocol = "ca" | "pva";

/** How one type goes over one protocol: a PV with one value and a PV with an array, or why there is none. */
export interface Way {
  /** A PV of the C IOC, or of the p4p server where no record has the type. */
  readonly server: "ioc" | "p4p";
  readonly element: Element;
  /** Where a protocol carries an array's elements in another way than a single value. */
  readonly arrayElement?: Element;
  readonly scalar: Place | string;
  readonly array: Place | string;
  /** Why it has no array without elements. */
  readonly empty?: string;
  /** Why it is not written. */
  readonly unwritten?: string;
}

export interface Place {
  readonly pv: string;
  readonly datatype: Datatype<any>;
  /** How many elements the record holds; what the longest array of the table has where there is no bound. */
  readonly longest?: number;
}

export interface Row {
  readonly type: string;
  readonly ca: Way | string;
  readonly pva: Way | string;
}

const NELM = 20_000;
const UNBOUNDED = 20_000;
const TEXTS = 500;

const array = (pv: string, datatype: Datatype<any>, longest = NELM): Place => ({ pv, datatype, longest });
const scalar = (pv: string, datatype: Datatype<any>): Place => ({ pv, datatype });

/** The same PVs over both protocols, which carry the elements each in its own way. */
function numeric(
  type: string,
  ca: { element: Element; scalar: Datatype<any>; array: Datatype<any> } | string,
  pva: { element: Element; scalar: Datatype<any>; array: Datatype<any> },
): Row {
  const way = (how: typeof pva): Way => ({
    server: "ioc",
    element: how.element,
    scalar: scalar(`v:${type}`, how.scalar),
    array: array(`v:${type}s`, how.array),
  });
  return { type, ca: typeof ca === "string" ? ca : way(ca), pva: way(pva) };
}

const NO_ARRAY_OF_SWITCHES = "no record has an array of on and off";
const NO_ARRAY_OF_LONG_TEXTS = "neither protocol has arrays of long texts";
const ENUM_ARRAY_OVER_PVA =
  "pvAccess has no array of enums, and the C IOC sends the indices of one as memory beyond them";
const SIGNLESS = "Channel Access has one 8-bit type, which is read as unsigned: see uint8";

const ROWS_OF_TABLE = 5_000;
const PIXELS = 50_000;

const TABLE = t.table({
  flag: t.array.bool,
  i8: t.array.i8,
  u8: t.array.u8,
  i16: t.array.i16,
  u16: t.array.u16,
  i32: t.array.i32,
  u32: t.array.u32,
  i64: t.array.i64,
  u64: t.array.u64,
  f32: t.array.f32,
  f64: t.array.f64,
  text: t.strings,
});

/** Every type of value; a text in place of a way or a place is the reason why its cells are empty. */
export const ROWS: readonly Row[] = [
  {
    type: "bool",
    ca: {
      server: "ioc",
      element: elements.switchOverCa,
      arrayElement: elements.flagBytes,
      scalar: scalar("v:switch", t.bool),
      array: array("v:uint8s", t.array.bool),
    },
    pva: {
      server: "p4p",
      element: elements.flags,
      scalar: scalar("v:flag", t.bool),
      array: array("v:flags", t.array.bool, UNBOUNDED),
    },
  },
  {
    type: "bool of a bo record",
    ca: "the row above",
    pva: {
      server: "ioc",
      element: elements.switchOverPva,
      scalar: scalar("v:switch", t.bool),
      array: NO_ARRAY_OF_SWITCHES,
    },
  },
  numeric("int8", SIGNLESS, { element: elements.int8, scalar: t.int, array: t.array.i8 }),
  numeric(
    "uint8",
    { element: elements.uint8, scalar: t.int, array: t.array.u8 },
    { element: elements.uint8, scalar: t.int, array: t.array.u8 },
  ),
  numeric(
    "int16",
    { element: elements.int16, scalar: t.int, array: t.array.i16 },
    { element: elements.int16, scalar: t.int, array: t.array.i16 },
  ),
  numeric(
    "uint16",
    { element: elements.uint16AsInt32, scalar: t.int, array: t.array.i32 },
    { element: elements.uint16, scalar: t.int, array: t.array.u16 },
  ),
  numeric(
    "int32",
    { element: elements.int32, scalar: t.int, array: t.array.i32 },
    { element: elements.int32, scalar: t.int, array: t.array.i32 },
  ),
  numeric(
    "uint32",
    { element: elements.uint32AsDouble, scalar: t.float, array: t.array.f64 },
    { element: elements.uint32, scalar: t.int, array: t.array.u32 },
  ),
  numeric(
    "int64",
    { element: elements.int64AsDouble, scalar: t.float, array: t.array.f64 },
    { element: elements.int64, scalar: t.int64, array: t.array.i64 },
  ),
  numeric(
    "uint64",
    { element: elements.uint64AsDouble, scalar: t.float, array: t.array.f64 },
    { element: elements.uint64, scalar: t.int64, array: t.array.u64 },
  ),
  numeric(
    "float32",
    { element: elements.float32, scalar: t.float, array: t.array.f32 },
    { element: elements.float32, scalar: t.float, array: t.array.f32 },
  ),
  numeric(
    "float64",
    { element: elements.float64, scalar: t.float, array: t.array.f64 },
    { element: elements.float64, scalar: t.float, array: t.array.f64 },
  ),
  {
    type: "string",
    ca: {
      server: "ioc",
      element: elements.short,
      scalar: scalar("v:string", t.string),
      array: array("v:strings", t.strings, TEXTS),
    },
    pva: {
      server: "ioc",
      element: elements.short,
      scalar: scalar("v:string", t.string),
      array: array("v:strings", t.strings, TEXTS),
    },
  },
  {
    type: "long string",
    ca: {
      server: "ioc",
      element: elements.characters,
      scalar: scalar("v:long.VAL$", t.string),
      array: NO_ARRAY_OF_LONG_TEXTS,
    },
    pva: {
      server: "ioc",
      element: elements.signedCharacters,
      scalar: scalar("v:long.VAL$", t.string),
      array: NO_ARRAY_OF_LONG_TEXTS,
    },
  },
  {
    type: "enum",
    ca: {
      server: "ioc",
      element: elements.labelsOverCa,
      arrayElement: elements.indices,
      scalar: scalar("v:enum", t.enum(LABELS)),
      array: array("v:enums", t.array.u16),
    },
    pva: {
      server: "ioc",
      element: elements.labelsOverPva,
      scalar: scalar("v:enum", t.enum(LABELS)),
      array: ENUM_ARRAY_OVER_PVA,
    },
  },
  {
    type: "table",
    ca: "Channel Access has no tables",
    pva: {
      server: "p4p",
      element: elements.tableRows,
      scalar: "a table has rows, and a frame has a shape: one of them is one element",
      array: array("v:table", TABLE, ROWS_OF_TABLE),
    },
  },
  ...Object.entries(FRAMES).map(([name, element]) => ({
    type: `frame of ${name}`,
    ca: "Channel Access has no frames",
    pva: {
      server: "p4p" as const,
      element,
      scalar: "a table has rows, and a frame has a shape: one of them is one element",
      array: array("v:frame", t.ndarray, PIXELS),
      empty: "a frame without pixels is an error, as one that never came",
      unwritten: "frames are read only",
    },
  })),
];

const FTVL: Readonly<Record<string, string>> = {
  int8: "CHAR",
  uint8: "UCHAR",
  int16: "SHORT",
  uint16: "USHORT",
  int32: "LONG",
  uint32: "ULONG",
  int64: "INT64",
  uint64: "UINT64",
  float32: "FLOAT",
  float64: "DOUBLE",
};

const waveform = (name: string, type: string, length: number) =>
  `record(waveform, "${name}") { field(FTVL, "${type}") field(NELM, "${length}") }`;

/** The records of the C IOC. They tell each write, also of a value that they had before. */
export const RECORDS = `
record(bo, "v:switch") { field(ZNAM, "Off") field(ONAM, "On") }
record(mbbo, "v:enum") { field(ZRST, "${LABELS[0]}") field(ONST, "${LABELS[1]}") field(TWST, "${LABELS[2]}") }
record(longout, "v:int32") { field(MDEL, "-1") }
record(int64out, "v:int64") { field(MDEL, "-1") }
record(ao, "v:float64") { field(MDEL, "-1") }
record(stringout, "v:string") { field(MPST, "Always") }
record(lso, "v:long") { field(SIZV, "120") field(MPST, "Always") }
${waveform("v:strings", "STRING", TEXTS)}
${waveform("v:enums", "ENUM", NELM)}
${Object.entries(FTVL)
  .flatMap(([type, ftvl]) => [
    waveform(`v:${type}s`, ftvl, NELM),
    ...(["int32", "int64", "float64"].includes(type) ? [] : [waveform(`v:${type}`, ftvl, 1)]),
  ])
  .join("\n")}
`;

/** The PVs of the p4p server. */
export const SERVED = { "v:flag": "?", "v:flags": "a?", "v:table": "table", "v:frame": "frame" };
