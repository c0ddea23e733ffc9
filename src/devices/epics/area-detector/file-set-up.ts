import type { PathInfo } from "../../detector/paths.ts";
import { probeReaderSide } from "../../detector/reader-side.ts";
import { waitForValue } from "../../observe.ts";
import type { NdFile, NdFileHdf5 } from "./plugins.ts";

/** Sets a file plugin up in the order that it needs: the depth first, then path and name; rejects when writer or readers have no such path. */
export async function setUpFile(plugin: NdFile | NdFileHdf5, path: PathInfo, template: string): Promise<void> {
  const slash = path.directoryPath.includes("\\") ? "\\" : "/";
  const directory = path.directoryPath.endsWith(slash) ? path.directoryPath : path.directoryPath + slash;
  await plugin.createDirectory.set(path.createDirDepth).wait();
  await Promise.all([
    plugin.filePath.set(directory).wait(),
    plugin.fileName.set(path.filename).wait(),
    plugin.fileTemplate.set(template).wait(),
    plugin.autoIncrement.set(true).wait(),
    plugin.fileNumber.set(0).wait(),
    plugin.fileWriteMode.set("Stream").wait(),
    plugin.droppedArrays.set(0).wait(),
    plugin.enableCallbacks.set(true).wait(),
  ]);
  if (!(await plugin.filePathExists.get({ cached: false }))) {
    throw new Error(`Path ${directory} of ${plugin.name} doesn't exist or not writable!`);
  }
  await probeReaderSide(path, plugin.name);
  await plugin.numCapture.set(0).wait();
}

/** Capturing goes on for good, so that its completion is not waited for, but its readback is. */
export async function startCapture(plugin: NdFile | NdFileHdf5): Promise<void> {
  await plugin.capture.set(true, { wait: false }).wait();
  try {
    await waitForValue(plugin.capture, true, { timeoutMs: 10_000 });
  } catch (error) {
    const message = await plugin.writeMessage.get({ cached: false });
    throw message === "" ? error : new Error(`${plugin.name} does not capture: ${message}`, { cause: error });
  }
}

export async function stopCapture(plugin: NdFile | NdFileHdf5): Promise<void> {
  await plugin.capture.set(false, { wait: false }).wait();
  await waitForValue(plugin.capture, false, { timeoutMs: 10_000 });
}

/** What tells of lost frames, for a provider. */
export function lossesOf(plugin: NdFile | NdFileHdf5) {
  return { signals: [plugin.droppedArrays, plugin.writeStatus], check: () => checkLosses(plugin) };
}

/** Throws when arrays were dropped, a write failed, or another number of frames was captured than announced. */
export async function verifyFile(plugin: NdFile | NdFileHdf5, announced: number): Promise<void> {
  const [captured] = await Promise.all([plugin.numCaptured.get({ cached: false }), checkLosses(plugin)]);
  if (captured !== announced) throw new Error(`${plugin.name} captured ${captured} frames, not ${announced}`);
}

async function checkLosses(plugin: NdFile | NdFileHdf5): Promise<void> {
  const fresh = { cached: false };
  const [dropped, state] = await Promise.all([plugin.droppedArrays.get(fresh), plugin.writeStatus.get(fresh)]);
  if (dropped > 0) throw new Error(`${plugin.name} dropped ${dropped} arrays; give it a longer queue`);
  if (state !== "Write error") return;
  const told = (message: string): boolean => message !== "";
  // The message may be posted a moment later than the status.
  const message =
    (await plugin.writeMessage.get(fresh)) ||
    (await waitForValue(plugin.writeMessage, told, { timeoutMs: 1000 }).catch(() => "it does not say why"));
  throw new Error(`${plugin.name} could not write: ${message}`);
}
