import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

interface LockEntry {
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** `npm install` leaves out what its registry does not serve, such as binaries of other platforms, and `npm ci` then refuses the file. */
it("package-lock.json has an entry for every optional package, so that npm ci takes it", () => {
  const text = readFileSync(new URL("../../../package-lock.json", import.meta.url), "utf8");
  const { packages } = JSON.parse(text) as { packages: Readonly<Record<string, LockEntry>> };
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter((name) => !places(path, name).some((place) => place in packages)),
  );
  expect(missing).toEqual([]);
});

/** Where node looks for a package from another one, innermost first. */
function places(path: string, name: string): string[] {
  const folders = path.split("/node_modules/");
  return [...folders.keys()]
    .reverse()
    .map((depth) => `${folders.slice(0, depth + 1).join("/node_modules/")}/node_modules/${name}`)
    .concat(`node_modules/${name}`);
}
