import {
  type Configurable,
  type DataKey,
  type Hints,
  type Readable,
  type Reading,
  supports,
} from "../devices/protocols.ts";
import type { DescriptorParts } from "../documents/compose.ts";
import type { Configuration } from "../documents/document.ts";
import { nameOf } from "./groups.ts";

/** What a device says about itself, as descriptors need it. */
export interface Description {
  readonly device: any;
  readonly dataKeys: Record<string, DataKey>;
  configuration: Configuration;
}

/** What the devices of one run have said about themselves; each is asked once, its configuration again after `configure`. */
export class Descriptions {
  readonly #known = new Map<object, Description>();
  readonly #asked = new Map<object, Promise<Description>>();
  readonly #configurations = new Map<object, Promise<Configuration>>();

  /** What is known of the device already. */
  get(device: object): Description | undefined {
    return this.#known.get(device);
  }

  of(device: Readable<any>): Promise<Description> {
    let asked = this.#asked.get(device);
    if (asked === undefined) {
      asked = this.#ask(device);
      this.#asked.set(device, asked);
      asked.catch(() => this.#asked.delete(device));
    }
    return asked;
  }

  async #ask(device: Readable<any>): Promise<Description> {
    const [dataKeys, configuration] = await Promise.all([device.describe(), this.configuration(device)]);
    const description = { device, dataKeys: dataKeys as Record<string, DataKey>, configuration };
    this.#known.set(device, description);
    return description;
  }

  configuration(device: object): Promise<Configuration> {
    let asked = this.#configurations.get(device);
    if (asked === undefined) {
      asked = readConfiguration(device);
      this.#configurations.set(device, asked);
      asked.catch(() => this.#configurations.delete(device));
    }
    return asked;
  }

  /** Asks for the configuration anew. */
  async refresh(device: object): Promise<Configuration> {
    this.#configurations.delete(device);
    const configuration = await this.configuration(device);
    const known = this.#known.get(device);
    if (known !== undefined) known.configuration = configuration;
    return configuration;
  }
}

async function readConfiguration(device: object): Promise<Configuration> {
  if (!supports(device, "Configurable")) return { data: {}, timestamps: {}, data_keys: {} };
  const configurable: Configurable = device;
  const [readings, dataKeys] = await Promise.all([
    configurable.readConfiguration(),
    configurable.describeConfiguration(),
  ]);
  const data: Record<string, unknown> = {};
  const timestamps: Record<string, number> = {};
  for (const [key, { value, timestamp }] of Object.entries(readings as Record<string, Reading>)) {
    data[key] = value;
    timestamps[key] = timestamp;
  }
  return { data, timestamps, data_keys: dataKeys };
}

/** The parts of a descriptor for devices in their order; two devices of one name, or with a key in common, are refused. */
export function describeStream(stream: string, descriptions: readonly Description[]): DescriptorParts {
  const dataKeys: Record<string, DataKey> = {};
  const objectKeys: Record<string, string[]> = {};
  const objectClasses: Record<string, string> = {};
  const configuration: Record<string, Configuration> = {};
  const hints: Record<string, Hints> = {};
  for (const described of descriptions) {
    const { device } = described;
    const name = nameOf(device);
    if (name in objectKeys)
      throw new Error(`stream "${stream}" has two devices called "${name}"; give them names of their own`);
    for (const [key, dataKey] of Object.entries(described.dataKeys)) {
      if (key in dataKeys)
        throw new Error(`stream "${stream}" has the key "${key}" from two devices, "${name}" is one of them`);
      dataKeys[key] = { ...dataKey, object_name: name };
    }
    objectKeys[name] = Object.keys(described.dataKeys);
    objectClasses[name] = device.constructor?.name ?? "Object";
    configuration[name] = described.configuration;
    if (device.hints !== undefined && device.hints !== null) hints[name] = device.hints;
  }
  return { name: stream, dataKeys, objectKeys, objectClasses, configuration, hints: hints as Record<string, unknown> };
}
