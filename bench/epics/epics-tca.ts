import { execFile } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { cacheDir } from "../../tools/setup/paths.mjs";
import { Peer } from "../peer.ts";

const PACKAGE = "epics-tca";
const VERSION = "1.1.31";

/** The Channel Access client epics-tca, installed into the cache; undefined, and said with `report`, where it can't be had. */
export async function epicsTca(env: NodeJS.ProcessEnv, report: (line: string) => void): Promise<Peer | undefined> {
  const folder = join(cacheDir, `bench-${PACKAGE}-${VERSION}`);
  if (!existsSync(join(folder, "node_modules", PACKAGE))) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), "{}\n");
    try {
      const options = ["--ignore-scripts", "--no-audit", "--no-fund", "--prefix", folder];
      await promisify(execFile)("npm", ["install", ...options, `${PACKAGE}@${VERSION}`]);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      report(`${PACKAGE} is left out, because it could not be installed: ${reason}`);
      return undefined;
    }
  }
  return Peer.node(PACKAGE, "epics_tca_peer.mjs", [folder], env);
}
