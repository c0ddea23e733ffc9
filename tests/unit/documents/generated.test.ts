import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { generateDocuments } from "../../../tools/generate-documents.ts";

test("the generated types and validators are what the schemas give", { timeout: 60_000 }, async () => {
  for (const [file, source] of Object.entries(await generateDocuments())) {
    const checkedIn = await readFile(new URL(`../../../src/documents/generated/${file}`, import.meta.url), "utf8");
    expect(checkedIn === source, `${file} is out of date: npx tsx tools/generate-documents.ts`).toBe(true);
  }
});

test("the validators need neither ajv nor any other package at run time", async () => {
  const source = await readFile(new URL("../../../src/documents/generated/validators.ts", import.meta.url), "utf8");
  expect(source.match(/^import .*$/gm)).toEqual(['import type { Validator } from "../validator.ts";']);
  expect(source).not.toMatch(/\brequire\(/);
});
