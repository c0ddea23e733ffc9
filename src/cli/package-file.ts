import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = new URL("../../", import.meta.url);

/** The path of a file that comes with the package; `dist/cli` and `src/cli` lie equally deep in it. */
export function packageFile(path: string): string {
  return fileURLToPath(new URL(path, root));
}

/** The path of a binary that the build makes; an error tells how to make it where it is absent. */
export function nativeBinary(name: string): string {
  const path = packageFile(`native/${name}`);
  if (!existsSync(path)) {
    throw new Error(`${path} is not there: run "npm run setup" in the repository, which builds it`);
  }
  return path;
}
