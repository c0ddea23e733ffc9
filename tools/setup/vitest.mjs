import { environmentPython } from "./python.mjs";

/** Lets `npx vitest run tests/system/...` find what an earlier set-up has made. */
export function setup() {
  process.env.CERULEAN_PYTHON ??= environmentPython() ?? "";
  if (process.env.CERULEAN_PYTHON === "") {
    throw new Error("The system tests need a Python environment: run npm run setup once, which makes it");
  }
}
