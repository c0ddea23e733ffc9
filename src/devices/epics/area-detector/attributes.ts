/** Types of a PV's value as the file has them, by the names of areaDetector's XML. Texts have ADCore's fixed length. */
const PV_TYPES = {
  DBR_SHORT: "<i2",
  DBR_ENUM: "<i2",
  DBR_INT: "<i4",
  DBR_LONG: "<i4",
  DBR_FLOAT: "<f4",
  DBR_DOUBLE: "<f8",
  DBR_STRING: "|S256",
  DBR_CHAR: "|i1",
} as const;

const PARAMETER_TYPES = { INT: "<i4", INT64: "<i8", DOUBLE: "<f8", STRING: "|S256" } as const;

interface Attribute {
  /** The name of the data set, and of the data key. */
  readonly name: string;
  readonly description?: string;
}

/** The value of a PV, which the areaDetector server asks for at each frame. */
export interface NdPvAttribute extends Attribute {
  readonly pv: string;
  readonly dbrType: keyof typeof PV_TYPES;
}

/** A parameter of the driver or plugin, by the name that its records' links have. */
export interface NdParameterAttribute extends Attribute {
  readonly parameter: string;
  readonly dataType: keyof typeof PARAMETER_TYPES;
  /** 0 by default. */
  readonly address?: number;
}

/** The XML that makes a driver or plugin add these values to its frames; set its `NDAttributesFile` to it. */
export function ndAttributesXml(attributes: readonly (NdPvAttribute | NdParameterAttribute)[]): string {
  const lines = attributes.map((one) => {
    const { name, description = "" } = one;
    const source =
      "pv" in one
        ? { type: "EPICS_PV", source: one.pv.replace(/^\w+:\/\//, ""), dbrtype: one.dbrType }
        : { type: "PARAM", source: one.parameter, addr: `${one.address ?? 0}`, datatype: one.dataType };
    const fields = Object.entries({ name, ...source, description });
    return `<Attribute ${fields.map(([key, value]) => `${key}="${escaped(value)}"`).join(" ")} />`;
  });
  return `<Attributes>${lines.join("")}</Attributes>`;
}

export interface AttributeColumn {
  readonly name: string;
  /** Of one frame's value, as numpy writes it. */
  readonly dtypeNumpy: string;
  /** The PV, or nothing for a parameter. */
  readonly source: string | undefined;
}

/**
 * What such an XML puts into files, one value a frame. The name of a file on the server tells nothing: it gives no columns. Throws, naming
 * `where`, at attributes whose type is known with the first frame only.
 */
export function attributeColumns(xml: string, where: string): readonly AttributeColumn[] {
  // ADCore takes a text with this in it for XML, and any other for the name of a file.
  if (!xml.includes("<Attributes>")) return [];
  const tags = xml.replace(/<!--[\s\S]*?-->/g, "").matchAll(/<Attribute\s([^>]*?)\/?>/g);
  return Array.from(tags, ([, fields = ""]) => columnOf(fieldsOf(fields), where));
}

function fieldsOf(text: string): Partial<Record<string, string>> {
  const fields = text.matchAll(/(\w+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g);
  return Object.fromEntries(Array.from(fields, ([, key, double, single]) => [key, unescaped(double ?? single ?? "")]));
}

function columnOf(fields: Partial<Record<string, string>>, where: string): AttributeColumn {
  const { name, type = "EPICS_PV", source = "", dbrtype = "DBR_NATIVE", datatype = "INT" } = fields;
  if (name === undefined) throw new TypeError(`${where} lists an attribute without a name`);
  const isPv = type === "EPICS_PV";
  const told = isPv ? dbrtype : type === "FUNCT" ? type : datatype;
  const types: Readonly<Record<string, string>> = isPv ? PV_TYPES : PARAMETER_TYPES;
  const dtypeNumpy = types[told];
  if (dtypeNumpy === undefined) {
    throw new TypeError(
      `${where}: nobody can tell before the first frame what the file will have of the attribute ${name}, whose type is ${told}; ` +
        `make it one of ${Object.keys(types).join(", ")}`,
    );
  }
  return { name, dtypeNumpy, source: isPv ? `ca://${source}` : undefined };
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};
const CHARACTERS = new Map(Object.entries(ENTITIES).map(([character, entity]) => [entity, character]));

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] as string);
}

function unescaped(text: string): string {
  return text.replace(/&\w+;/g, (entity) => CHARACTERS.get(entity) ?? entity);
}
