import { child, Device, type DeviceOptions, defineDevice, initDevices, t } from "cerulean/devices";
import { type Context, EpicsMotor, epicsSignalRW, getContext } from "cerulean/epics";
import { CIoc } from "../../tests/system/support/c-ioc.ts";
import { type Contender, interleave } from "../interleave.ts";
import { Peer } from "../peer.ts";
import { formatTable, type Row } from "../table.ts";

type Signals = readonly (readonly [name: string, pv: string, datatype: keyof typeof RECORDS])[];
type Groups = Readonly<Record<string, Signals>>;

const RECORDS = { float: "ao", int: "longout", bool: "bo", string: "stringout" } as const;
const DATATYPES = { float: t.float, int: t.int, bool: t.bool, string: t.string } as const;
const CYCLE = ["float", "float", "int", "bool", "string"] as const;

/** The devices of the rows, under names of their own in each round, so that no client connects to what it knows already. */
const SHAPES: Readonly<Record<string, (prefix: string) => Groups>> = {
  "3 readables, 9 PVs": (prefix) =>
    Object.fromEntries(
      ["a", "b", "c"].map((name) => [name, signals(`${prefix}${name}:`, ["value", "sigma", "center"], () => "float")]),
    ),
  "30 PVs": (prefix) => ({ all: signals(prefix, range(30), () => "float") }),
  "monochromator, 9 PVs": (prefix) => ({
    mono: signals(
      prefix,
      ["energy", "energyRbv", "wavelength", "wavelengthRbv", "theta", "thetaRbv", "y", "z"],
      () => "float",
    ),
    control: signals(`${prefix}c:`, ["mode"], () => "bool"),
  }),
  "camera, 11 PVs": (prefix) => ({ cam: signals(prefix, range(11), cycled) }),
  "camera, 200 PVs": (prefix) => ({ cam: signals(prefix, range(200), cycled) }),
};

function range(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `p${i}`);
}

function cycled(index: number): keyof typeof RECORDS {
  return CYCLE[index % CYCLE.length] as keyof typeof RECORDS;
}

function signals(prefix: string, names: readonly string[], datatype: (i: number) => keyof typeof RECORDS): Signals {
  return names.map((name, i) => [name, prefix + name, datatype(i)] as const);
}

function prefixOf(protocol: string, shape: number, round: number): string {
  return `${protocol}${shape}r${round}:`;
}

function database(protocols: readonly string[], rounds: number): string {
  const lines: string[] = [];
  for (const protocol of protocols) {
    Object.values(SHAPES).forEach((shape, at) => {
      for (let round = 0; round < rounds; round++) {
        for (const [, pv, datatype] of Object.values(shape(prefixOf(protocol, at, round))).flat()) {
          lines.push(`record(${RECORDS[datatype]}, "${pv}") { field(PINI, "YES") ${fieldsOf(datatype)} }`);
        }
      }
    });
  }
  return lines.join("\n");
}

function fieldsOf(datatype: keyof typeof RECORDS): string {
  if (datatype === "bool") return 'field(ZNAM, "No") field(ONAM, "Yes")';
  return datatype === "float" ? 'field(EGU, "mm") field(PREC, "3")' : "";
}

class Group extends Device {
  constructor(all: Signals, context: Context, options: DeviceOptions = {}) {
    super(options);
    for (const [name, pv, datatype] of all) this.add(name, epicsSignalRW<any>(DATATYPES[datatype], pv, { context }));
  }
}

class Tree extends Device {
  constructor(groups: Groups, context: Context) {
    super({ name: "device" });
    for (const [name, all] of Object.entries(groups)) this.add(name, new Group(all, context));
  }
}

function over(protocol: string, groups: Groups): Groups {
  if (protocol === "ca") return groups;
  const renamed = ([name, all]: [string, Signals]) =>
    [name, all.map(([key, pv, datatype]) => [key, `pva://${pv}`, datatype] as const)] as const;
  return Object.fromEntries(Object.entries(groups).map(renamed));
}

async function connectOurs(groups: Groups, context: Context): Promise<number[]> {
  const before = performance.now();
  const device = new Tree(groups, context);
  await device.connect();
  const us = (performance.now() - before) * 1000;
  await device.dispose();
  return [us];
}

/** Prints how long it takes to make devices and to connect them with their metadata, beside ophyd-async on its own signals and on ophyd-epicsrs'. */
export async function benchDevices(python: string, rounds: number): Promise<void> {
  await using ioc = await CIoc.start(database(["ca", "pva"], rounds));
  const context = getContext(ioc.context);
  const peer = (name: string): Peer =>
    Peer.python(name, python, "device_peer.py", { ...ioc.environment, DEVICE_SIGNALS: name });
  const peers = ["ophyd-async", "ophyd-epicsrs"].map(peer);
  const rows: Row[] = [];
  try {
    for (const protocol of ["ca", "pva"] as const) {
      for (const [at, [what, shape]] of Object.entries(SHAPES).entries()) {
        const groups = (round: number): Groups => over(protocol, shape(prefixOf(protocol, at, round)));
        const contenders: Contender[] = [
          { who: "cerulean", round: (round) => connectOurs(groups(round), context) },
          ...peers.map((one) => ({
            who: one.name,
            round: (round: number) => one.ask({ op: "connect", groups: groups(round) }),
          })),
        ];
        rows.push(...(await interleave(`${protocol.toUpperCase()} ${what}`, contenders, rounds, console.error)));
      }
    }
    rows.push({ what: "100 bundles of 5 mocked motors", who: "cerulean", us: await mockedMotors(rounds) });
    console.log(formatTable(rows, "cerulean"));
  } finally {
    await Promise.all(peers.map((one) => one.close()));
    await context.close({ force: true });
  }
}

async function mockedMotors(rounds: number): Promise<number[]> {
  const Bundle = defineDevice(
    Object.fromEntries(range(5).map((name) => [name, child((prefix) => new EpicsMotor(prefix + name))])),
  );
  const us: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const before = performance.now();
    await initDevices(Object.fromEntries(range(100).map((name) => [name, new Bundle(`${name}:`)])), { mock: true });
    us.push((performance.now() - before) * 1000);
  }
  return us;
}
