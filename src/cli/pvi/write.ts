import { writeFile } from "node:fs/promises";
import { pviDevice } from "../../devices/epics/index.ts";
import { classNameOf, typescriptOf } from "./typescript.ts";

export interface PviWriteOptions {
  /** Where to; standard output by default. */
  readonly out?: string;
  /** Of the device itself; after its prefix by default. */
  readonly className?: string;
  readonly timeoutMs: number;
}

/** Writes the classes of a device that tells of itself by PVI. Rejects, with nothing written, when a part of it can't be reached. */
export async function writePvi(prefix: string, { out, className, timeoutMs }: PviWriteOptions): Promise<number> {
  await using device = await pviDevice(prefix, { name: prefix, timeoutMs });
  await device.connect({ timeoutMs });
  const text = typescriptOf(device, className ?? classNameOf([prefix]));
  if (out === undefined) process.stdout.write(text);
  else await writeFile(out, text);
  return 0;
}
