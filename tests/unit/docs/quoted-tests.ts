import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** The rows of all tables of a page without their heads, which begin with "there" or "ophyd"; each by its cells. */
export function rowsOf(page: string): string[][] {
  return readFileSync(join(root, page), "utf8")
    .split("\n")
    .filter((line) => line.startsWith("| ") && !/^\| (?:there|ophyd) \|/.test(line))
    .map((line) => line.slice(1, -1).split(" | "))
    .map((cells) => cells.map((cell) => cell.trim()));
}

/** What a cell quotes: a file, and the title of a test in it. */
export function quoted(cell: string): { readonly file: string; readonly title: string } {
  const [, file = "", title = ""] = /^`([^`]+)` "(.+)"$/.exec(cell) ?? [];
  return { file, title };
}

/** Whether the file that a cell quotes is there and has the title, or the part of it that is quoted. */
export function isQuotedRight(cell: string): boolean {
  const { file, title } = quoted(cell);
  return file !== "" && existsSync(join(root, file)) && readFileSync(join(root, file), "utf8").includes(title);
}
