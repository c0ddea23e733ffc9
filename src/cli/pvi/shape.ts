import { type Datatype, type Device, DeviceMap, SignalR, SignalRW, SignalW, SignalX } from "../../devices/index.ts";

/** What a device is apart from its PVs, so that the members of a vector can be compared. */
export type Shape =
  | { readonly is: "signal"; readonly text: string }
  | { readonly is: "vector"; readonly member: Shape | undefined; readonly named: readonly string[] }
  | {
      readonly is: "device";
      readonly pv: string;
      readonly children: ReadonlyMap<string, Shape>;
      /** Children that differ between the members of a vector, or that some lack. */
      readonly differing: readonly string[];
    };

/** The shape of a connected device that PVI has filled. */
export function shapeOf(device: Device): Shape {
  const text = signalText(device);
  if (text !== undefined) return { is: "signal", text };
  if (device instanceof DeviceMap) {
    const entries: readonly (readonly [string | number, Device])[] = [...device];
    const [first, ...others] = entries.filter(([key]) => typeof key === "number").map(([, member]) => shapeOf(member));
    const named = entries.flatMap(([key]) => (typeof key === "string" ? [key] : []));
    return { is: "vector", member: others.reduce(common, first), named };
  }
  const children = new Map([...device.children].map(([key, child]) => [key, shapeOf(child)]));
  return { is: "device", pv: (device as Device & { readonly pv: string }).pv, children, differing: [] };
}

/** What two shapes have in common; undefined when they are not alike. */
function common(a: Shape | undefined, b: Shape | undefined): Shape | undefined {
  if (a?.is === "signal" && b?.is === "signal") return a.text === b.text ? a : undefined;
  if (a?.is === "vector" && b?.is === "vector") {
    return { is: "vector", member: common(a.member, b.member), named: [...new Set([...a.named, ...b.named])] };
  }
  if (a?.is !== "device" || b?.is !== "device") return undefined;
  const children = new Map<string, Shape>();
  const differing = new Set([...a.differing, ...b.differing]);
  for (const key of new Set([...a.children.keys(), ...b.children.keys()])) {
    const shared = common(a.children.get(key), b.children.get(key));
    if (shared === undefined) differing.add(key);
    else children.set(key, shared);
  }
  return { is: "device", pv: a.pv, children, differing: [...differing] };
}

function signalText(device: Device): string | undefined {
  if (device instanceof SignalX) return "pvi.x()";
  if (device instanceof SignalRW) return `pvi.rw(${datatypeText(device.datatype)})`;
  if (device instanceof SignalR) return `pvi.r(${datatypeText(device.datatype)})`;
  if (device instanceof SignalW) return `pvi.w(${datatypeText(device.datatype)})`;
  return undefined;
}

function datatypeText({ kind, label, choices = [], columns = {} }: Datatype<any>): string {
  if (kind === "enum") return `t.enum([${choices.map((choice) => JSON.stringify(choice)).join(", ")}])`;
  if (kind !== "table") return label;
  const texts = Object.entries(columns).map(([name, column]) => `${keyText(name)}: ${datatypeText(column)}`);
  return `t.table({ ${texts.join(", ")} })`;
}

export function keyText(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key);
}
