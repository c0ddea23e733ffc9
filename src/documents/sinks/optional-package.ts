import { SinkError } from "./sink-error.ts";

/** A package that only those install who use it; a SinkError that says how when it isn't there. */
export async function optionalPackage<T>(name: string, purpose: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw cause;
    throw new SinkError("not-installed", `${purpose} needs the package ${name}: npm install ${name}`, { cause });
  }
}
