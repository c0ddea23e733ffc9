/** The records that the EPICS benches run on. */

const SCALARS = 200;
export const WAVEFORMS = 50;
export const POINTS = 1000;
export const COUNTERS = 200;
export const READBACKS = 20;

export const names = (prefix: string, count: number, from = 0): string[] =>
  Array.from({ length: count }, (_, at) => `${prefix}${from + at}`);

const LINKS = [..."123456789ABCDEF"];

/** Fanouts one after another, which process all of these records when the first one processes. */
function pump(name: string, records: readonly string[]): string[] {
  const parts = Math.ceil(records.length / LINKS.length);
  return Array.from({ length: parts }, (_, part) => {
    const links = LINKS.map((link, at) => [link, records[part * LINKS.length + at]] as const);
    const fields = links.flatMap(([link, record]) => (record === undefined ? [] : [`field(LNK${link}, "${record}")`]));
    const next = part + 1 < parts ? `field(FLNK, "${name}${part + 1}")` : "";
    return `record(fanout, "${part === 0 ? name : `${name}${part}`}") { ${fields.join(" ")} ${next} }`;
  });
}

const counter = (name: string): string => `record(calc, "${name}") { field(INPA, "${name}.VAL") field(CALC, "A+1") }`;

/** `fresh` records that no client has connected to before. */
export function database(fresh: number): string {
  const counters = names("counter", COUNTERS);
  const readbacks = names("readback", READBACKS);
  return [
    'record(ao, "scalar") { field(VAL, "1.5") field(PINI, "YES") }',
    ...names("scalar", SCALARS).map((name) => `record(ao, "${name}") { field(VAL, "1.5") field(PINI, "YES") }`),
    ...names("wave", WAVEFORMS).map(
      (name) => `record(waveform, "${name}") { field(FTVL, "DOUBLE") field(NELM, "${POINTS}") }`,
    ),
    ...names("fresh", fresh).map((name) => `record(ao, "${name}") { field(EGU, "mm") field(PREC, "3") }`),
    ...[...counters, ...readbacks].map(counter),
    ...pump("pump", counters),
    ...pump("tick", readbacks),
  ].join("\n");
}
