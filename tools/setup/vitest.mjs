import { environmentPython } from "./python.mjs";

/** Lets `npx vitest run tests/system/...` find the Python environment that an earlier set-up has made. */
export function setup() {
  const python = environmentPython();
  if (python !== undefined) process.env.CERULEAN_PYTHON ??= python;
}
