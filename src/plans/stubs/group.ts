import { randomBytes } from "node:crypto";

// Salted, because a plan file and the command may each load their own copy of the package and share one engine.
const SALT = randomBytes(3).toString("hex");
let used = 0;

/** A group name that no other use has; it begins with the label. */
export function freshGroup(label: string): string {
  used += 1;
  return `${label}-${SALT}${used.toString(36)}`;
}
