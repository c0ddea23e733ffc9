/** One record of each type that a channel can have, and one of each kind of waveform. */
export const EVERY_TYPE = `
record(ai, "t:float64") { field(VAL, "1.5") field(PINI, "YES") field(EGU, "mm") field(PREC, "3") }
record(longin, "t:int32") { field(VAL, "-7") field(PINI, "YES") }
record(int64in, "t:int64") { field(VAL, "9007199254740993") field(PINI, "YES") }
record(stringin, "t:string") { field(VAL, "hällo") field(PINI, "YES") }
record(lsi, "t:long") { field(SIZV, "300") }
record(bo, "t:bool") { field(ZNAM, "Off") field(ONAM, "On") field(VAL, "0") field(UDF, "0") field(STAT, "NO_ALARM") field(SEVR, "NO_ALARM") }
record(mbbo, "t:enum") { field(ZRST, "Aaa") field(ONST, "Bbb") field(TWST, "Ccc") field(VAL, "1") field(PINI, "YES") }
${["CHAR", "UCHAR", "SHORT", "USHORT", "LONG", "ULONG", "INT64", "UINT64", "FLOAT", "DOUBLE", "STRING"]
  .map((type) => `record(waveform, "t:${type}") { field(FTVL, "${type}") field(NELM, "10") }`)
  .join("\n")}
record(longout, "t:limits") {
  field(HOPR, "100") field(LOPR, "0") field(HIHI, "98") field(HIGH, "96") field(DRVH, "90") field(DRVL, "10")
  field(LOW, "5") field(LOLO, "2") field(HHSV, "MAJOR") field(HSV, "MINOR") field(LSV, "MINOR") field(LLSV, "MAJOR") field(VAL, "50") field(PINI, "YES")
}
record(seq, "t:seq") { field(DLY1, "0.5") field(DO1, "1") field(LNK1, "t:done PP") }
record(longout, "t:done") { field(VAL, "0") field(PINI, "YES") }
record(calcout, "t:count") { field(INPA, "t:count.VAL") field(CALC, "A+1") }
`;

/** What a waveform of each element type is over either protocol. CA has no unsigned and no 64-bit types of its own. */
export const WAVEFORMS = [
  { type: "UCHAR", ca: Uint8Array, pva: Uint8Array, values: [0, 255] },
  { type: "SHORT", ca: Int16Array, pva: Int16Array, values: [-32768, 32767] },
  { type: "USHORT", ca: Int32Array, pva: Uint16Array, values: [0, 65535] },
  { type: "LONG", ca: Int32Array, pva: Int32Array, values: [-2147483648, 2147483647] },
  { type: "ULONG", ca: Float64Array, pva: Uint32Array, values: [0, 4294967295] },
  { type: "FLOAT", ca: Float32Array, pva: Float32Array, values: [1.5, -0.25] },
  { type: "DOUBLE", ca: Float64Array, pva: Float64Array, values: [Math.PI, -1e300] },
] as const;
