import { createRequire } from "node:module";
import { thisProcess } from "../documents/process-identity.ts";
import type { Session } from "./session.ts";
import type { Metadata } from "./settings.ts";

const { version } = createRequire(import.meta.url)("../../package.json") as { version: string };

/** What an engine's metadata begin with. */
export function initialMetadata(md: Metadata = {}): Metadata {
  md.versions = { ...md.versions, cerulean: version, node: process.versions.node };
  return md;
}

const { user, host, pid } = thisProcess();

/**
 * The metadata of one run: what was given to `run` goes before the message's, that before the plan's type and name, those before the engine's,
 * and those before who runs it where.
 * The number of the scan is used up even when the metadata are refused then.
 */
export async function composeMetadata(session: Session, given: Readonly<Metadata>): Promise<Metadata> {
  const { mdValidator, mdNormalizer, scanIdSource } = session.settings;
  const { md } = session.engine;
  md.scan_id = await scanIdSource(md);
  const { type, name } = session.plan;
  const merged: Metadata = { user, host, pid, ...md, plan_type: type, plan_name: name, ...given, ...session.md };
  await mdValidator({ ...merged });
  return mdNormalizer(copied(merged));
}

/** A deep copy without the keys that have no value. What can't be copied is refused by its key. */
function copied(md: Metadata): Metadata {
  const copy: Metadata = {};
  for (const [key, value] of Object.entries(md)) {
    if (value === undefined) continue;
    try {
      copy[key] = typeof value === "string" || typeof value === "number" ? value : structuredClone(value);
    } catch (error) {
      throw new TypeError(`the metadata "${key}" can't be put into a document: ${error}`, { cause: error });
    }
  }
  return copy;
}
