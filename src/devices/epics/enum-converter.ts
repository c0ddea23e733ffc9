import { type Datatype, show } from "../datatype.ts";
import { DatatypeMismatchError } from "../errors.ts";
import type { ChannelMetadata } from "./channel-types.ts";
import type { Converter } from "./converter.ts";
import { nameOfKind } from "./inference.ts";

/** Labels on an enum channel, where they travel as indices, or on a pvAccess string, where the channel knows no labels. */
export function enumConverter(source: string, datatype: Datatype<any>, metadata: ChannelMetadata): Converter<string> {
  if (metadata.info.kind === "string") return checkedString(source, datatype);
  const labels = metadata.choices ?? [];
  if (datatype.kind === "enum") checkLabels(source, datatype, metadata, labels);
  return {
    fromChannel(raw) {
      const label = labels[raw as number];
      if (label !== undefined) return label;
      throw new DatatypeMismatchError(source, datatype.label, `index ${show(raw)}`, `its labels are ${show(labels)}`);
    },
    toChannel(value) {
      const index = labels.indexOf(value);
      if (index >= 0) return index;
      throw new RangeError(`${value} is not a valid choice for ${source}, valid choices: ${JSON.stringify(labels)}`);
    },
  };
}

function checkLabels(
  source: string,
  datatype: Datatype<any>,
  metadata: ChannelMetadata,
  labels: readonly string[],
): void {
  const ours = new Set(datatype.choices);
  const theirs = new Set(labels);
  const missing = [...ours].filter((label) => !theirs.has(label));
  const extra = [...theirs].filter((label) => !ours.has(label));
  const lacks = datatype.match !== "superset" && missing.length > 0;
  const exceeds = datatype.match !== "subset" && extra.length > 0;
  if (!lacks && !exceeds) return;
  const parts = [
    ...(lacks ? [`the record lacks ${JSON.stringify(missing)}`] : []),
    ...(exceeds ? [`the record has ${JSON.stringify(extra)} too`] : []),
  ];
  throw new DatatypeMismatchError(source, datatype.label, nameOfKind(metadata), parts.join(", "));
}

function checkedString(source: string, datatype: Datatype<any>): Converter<string> {
  return {
    fromChannel(raw) {
      try {
        return datatype.check(raw);
      } catch {
        throw new DatatypeMismatchError(source, datatype.label, show(raw));
      }
    },
    toChannel: (value) => value,
  };
}
