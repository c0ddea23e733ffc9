import { readFileSync } from "node:fs";
import { Refused } from "./refused.ts";

/** The metadata in a file: proposal, sample and what else is to stand in the start document. */
export function readMetadata(file: string | undefined): Record<string, unknown> {
  if (file === undefined) return {};
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new Refused(`--md ${file}: ${(error as Error).message}`, { cause: error });
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new Refused(`--md ${file} holds no JSON object`);
}
