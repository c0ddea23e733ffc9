import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { writeAtomically } from "./atomic-file.ts";
import { FileLock } from "./file-lock.ts";

/**
 * Metadata that outlive the process: `new RunEngine({ md: new PersistentMetadata("md.json") })`. Each key that is set or deleted is in the
 * file before the statement is over, so that no scan number comes twice, and a second process is refused until this one is gone.
 * Values are copied and frozen: to change a part of one, set the whole again. What JSON can't hold is refused by its key.
 */
export class PersistentMetadata {
  [key: string]: any;

  constructor(file: string) {
    const path = resolve(file);
    const lock = new FileLock(path, `the metadata file ${path}`);
    const values: Record<string, unknown> = Object.create(PersistentMetadata.prototype);
    try {
      Object.assign(values, read(path));
    } catch (error) {
      lock.release();
      throw error;
    }
    const save = (): void => {
      if (!locks.has(proxy)) throw new Error(`the metadata file ${path} was closed; it can't be changed any more`);
      writeAtomically(path, `${JSON.stringify(values, null, 2)}\n`);
    };
    const proxy = new Proxy(values, {
      set(target, key, value) {
        target[checkedKey(key)] = frozen(checked(value, String(key)));
        save();
        return true;
      },
      defineProperty(target, key, { value }) {
        target[checkedKey(key)] = frozen(checked(value, String(key)));
        save();
        return true;
      },
      deleteProperty(target, key) {
        delete target[key as string];
        save();
        return true;
      },
    }) as PersistentMetadata;
    locks.set(proxy, lock);
    // biome-ignore lint/correctness/noConstructorReturn: what is set has to be seen, whatever its key
    return proxy;
  }

  /** Lets others have the file. What was set stays readable; nothing more can be set. */
  close(): void {
    locks.get(this)?.release();
    locks.delete(this);
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

const locks = new WeakMap<object, FileLock>();

function read(path: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw error;
  }
  let values: unknown;
  try {
    values = JSON.parse(text);
  } catch (error) {
    throw new Error(`the metadata file ${path} is not JSON: ${(error as Error).message}`, { cause: error });
  }
  if (typeof values !== "object" || values === null || Array.isArray(values)) {
    throw new TypeError(`the metadata file ${path} holds no JSON object`);
  }
  return frozen(values as Record<string, unknown>, false);
}

function checkedKey(key: string | symbol): string {
  if (typeof key === "symbol" || key in PersistentMetadata.prototype) {
    throw new TypeError(`"${String(key)}" can't be the key of persistent metadata; choose another`);
  }
  return key;
}

/** A copy of what JSON gives back as it was. */
function checked(value: unknown, path: string): unknown {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") {
    if (Number.isFinite(value)) return value;
  } else if (Array.isArray(value)) {
    return value.map((each, i) => checked(each, `${path}[${i}]`));
  } else if (typeof value === "object" && isPlain(value)) {
    const entries = Object.entries(value).filter(([, each]) => each !== undefined);
    return Object.fromEntries(entries.map(([key, each]) => [key, checked(each, `${path}.${key}`)]));
  }
  const what = typeof value === "object" ? `a ${value.constructor?.name}` : `${typeof value} ${String(value)}`;
  throw new TypeError(`the metadata "${path}" can't be kept in a file: ${what} is not JSON`);
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function frozen<T>(value: T, itself = true): T {
  if (typeof value !== "object" || value === null) return value;
  for (const each of Object.values(value)) frozen(each);
  return itself ? Object.freeze(value) : value;
}
