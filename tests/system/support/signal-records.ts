/** Records of every kind that a signal can be on, for the C IOC. */
export const SIGNAL_RECORDS = `
record(ao, "sig:float") { field(PREC, "3") field(EGU, "mm") field(HOPR, "100") field(LOPR, "0") field(DRVH, "90") field(DRVL, "-90") }
record(ao, "sig:whole") { field(PREC, "0") }
record(longout, "sig:int") { field(HOPR, "100") field(HIHI, "98") field(HIGH, "96") field(DRVH, "90") field(DRVL, "10")
  field(LOW, "5") field(LOLO, "2") field(LOPR, "0") field(HHSV, "MAJOR") field(HSV, "MINOR") field(LSV, "MINOR") field(LLSV, "MAJOR")
  field(EGU, "") field(VAL, "40") field(PINI, "YES") }
record(int64out, "sig:int64") {}
record(bo, "sig:bool") { field(ZNAM, "No") field(ONAM, "Yes") }
record(bo, "sig:plainbool") {}
record(mbbo, "sig:mode") { field(ZRST, "Aaa") field(ZRVL, "5") field(ONST, "Bbb") field(ONVL, "6") field(TWST, "Ccc") field(TWVL, "7") }
record(stringout, "sig:string") {}
record(lso, "sig:long") { field(SIZV, "120") }
record(waveform, "sig:text") { field(FTVL, "CHAR") field(NELM, "80") }
record(waveform, "sig:strings") { field(FTVL, "STRING") field(NELM, "8") }
record(waveform, "sig:i8") { field(FTVL, "CHAR") field(NELM, "16") }
record(waveform, "sig:u8") { field(FTVL, "UCHAR") field(NELM, "3") }
record(waveform, "sig:i16") { field(FTVL, "SHORT") field(NELM, "16") }
record(waveform, "sig:u16") { field(FTVL, "USHORT") field(NELM, "16") }
record(waveform, "sig:i32") { field(FTVL, "LONG") field(NELM, "16") }
record(waveform, "sig:u32") { field(FTVL, "ULONG") field(NELM, "16") }
record(waveform, "sig:i64") { field(FTVL, "INT64") field(NELM, "16") }
record(waveform, "sig:u64") { field(FTVL, "UINT64") field(NELM, "16") }
record(waveform, "sig:f32") { field(FTVL, "FLOAT") field(NELM, "16") }
record(waveform, "sig:f64") { field(FTVL, "DOUBLE") field(NELM, "16") }
record(seq, "sig:slow") { field(DLY1, "0.5") field(LNK1, "sig:slowed PP") field(DO1, "1") }
record(ao, "sig:slowed") {}
record(ai, "sig:undefined") {}
${Array.from({ length: 200 }, (_, i) => `record(ao, "sig:many:${i}") { field(VAL, "${i}") field(PINI, "YES") }`).join("\n")}
`;
