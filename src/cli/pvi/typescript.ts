import type { PviDevice } from "../../devices/epics/index.ts";
import { keyText, type Shape, shapeOf } from "./shape.ts";

/** The TypeScript of a class for a connected PVI device, and of one for each device below it; the same tree gives the same text. */
export function typescriptOf(device: PviDevice, className: string): string {
  const writer = new Writer();
  writer.classOf(shapeOf(device), [], className);
  const body = writer.classes.join("\n");
  const types = /\bt\./.test(body) ? ['import { t } from "cerulean/devices";'] : [];
  return [
    `// Written by \`cerulean pvi\` from ${device.pv}: have it written anew rather than change it.`,
    ...types,
    'import { definePviDevice, pvi } from "cerulean/epics";',
    "",
    body,
  ].join("\n");
}

/** A class name from a prefix or the way to a device: `BL01:panda-1:` is `BL01Panda1`. */
export function classNameOf(words: readonly string[]): string {
  const parts = words.flatMap((word) => word.split(/[^A-Za-z0-9]+/)).filter((part) => part !== "");
  const name = parts.map((part) => part.slice(0, 1).toUpperCase() + part.slice(1)).join("");
  return /^[A-Z]/.test(name) ? name : `Device${name}`;
}

class Writer {
  readonly classes: string[] = [];
  readonly #taken = new Set<string>();

  /** Writes those below first: a class has to be there before one that uses it. */
  classOf(shape: Shape, path: readonly string[], wanted = classNameOf(path)): string {
    if (shape.is !== "device")
      throw new TypeError(`${path.join(".")} is a ${shape.is}: a class is written for a device`);
    const name = this.#free(wanted);
    const lines = [...shape.children].flatMap(([key, child]) => {
      const text = this.#childText(child, [...path, key]);
      if (text === undefined) return [`  // ${keyText(key)}: a vector without members in common`];
      const named = child.is === "vector" ? child.named : [];
      const beside = named.length === 0 ? [] : [`  // Beside its members ${keyText(key)} has: ${named.join(", ")}`];
      return [...beside, `  ${keyText(key)}: ${text},`];
    });
    if (shape.differing.length > 0)
      lines.push(`  // Not the same in all members of the vector: ${shape.differing.join(", ")}`);
    const body = lines.length === 0 ? "{}" : `{\n${lines.join("\n")}\n}`;
    this.classes.push(`/** As ${shape.pv} tells. */\nexport class ${name} extends definePviDevice(${body}) {}\n`);
    return name;
  }

  #childText(shape: Shape | undefined, path: readonly string[]): string | undefined {
    if (shape === undefined) return undefined;
    if (shape.is === "signal") return shape.text;
    if (shape.is === "device") return `pvi.device(${this.classOf(shape, path)})`;
    const member = this.#childText(shape.member, path);
    return member === undefined ? undefined : `pvi.map(${member})`;
  }

  #free(wanted: string): string {
    let name = wanted;
    for (let count = 2; this.#taken.has(name); count++) name = `${wanted}${count}`;
    this.#taken.add(name);
    return name;
  }
}
