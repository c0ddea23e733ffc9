import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { hostname } from "node:os";
import type { PathInfo } from "./paths.ts";

/**
 * Rejects when readers on this machine would not find the directory that was just made ready by its writer. URIs of other
 * hosts and schemes are taken as they are: nobody here can tell.
 */
export async function probeReaderSide(path: PathInfo, writer: string): Promise<void> {
  const directory = path.probe === false ? undefined : localDirectory(new URL(path.directoryUri));
  if (directory === undefined) return;
  try {
    await access(directory, constants.R_OK | constants.X_OK);
  } catch (error) {
    throw new Error(
      `${writer} writes to ${path.directoryPath}, but readers don't find that at ${path.directoryUri}; ` +
        "tell the path provider its directoryUri for readers, or probe: false when this machine has no access to it",
      { cause: error },
    );
  }
}

function localDirectory({ protocol, host, pathname }: URL): string | undefined {
  const isHere = host === "" || host === "localhost" || host === hostname().toLowerCase();
  return protocol === "file:" && isHere ? decodeURIComponent(pathname) : undefined;
}
