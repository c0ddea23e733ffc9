import { ChannelTypeError } from "./errors.ts";

/** The index of a label among an enum's choices; what is no label passes. An unknown one is refused, with the choices. */
export function indexOf(label: unknown, choices: readonly string[] | null, source: string): unknown {
  if (typeof label !== "string") return label;
  const index = choices?.indexOf(label) ?? -1;
  if (index >= 0) return index;
  const known = (choices ?? []).map((choice) => JSON.stringify(choice)).join(", ");
  throw new ChannelTypeError(
    source,
    `${JSON.stringify(label)} is not a valid choice for ${source}, valid choices: [${known}]`,
  );
}
