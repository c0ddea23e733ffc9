interface Node {
  readonly parent?: unknown;
}

function parentOf(device: unknown): unknown {
  return (device as Node | null | undefined)?.parent ?? null;
}

/** The outermost device that the given one is part of; itself when it has no parent. */
export function rootAncestor(device: unknown): unknown {
  let root = device;
  for (let parent = parentOf(root); parent !== null; parent = parentOf(root)) root = parent;
  return root;
}

/** The devices in their order, each once, without those that are part of another one in the list. */
export function separateDevices<D>(devices: Iterable<D>): D[] {
  const all = new Set<unknown>(devices);
  const separate: D[] = [];
  for (const device of all as Set<D>) if (!hasAncestorIn(device, all)) separate.push(device);
  return separate;
}

function hasAncestorIn(device: unknown, all: ReadonlySet<unknown>): boolean {
  for (let parent = parentOf(device); parent !== null; parent = parentOf(parent)) if (all.has(parent)) return true;
  return false;
}

interface Rewindable {
  readonly rewindable?: boolean | { get(): unknown };
}

/** Whether all devices allow what was done with them since the last checkpoint to be repeated; those that don't say do. */
export function allSafeRewind(devices: Iterable<unknown>): boolean {
  for (const device of devices) {
    const rewindable = (device as Rewindable).rewindable;
    if (rewindable === undefined) continue;
    if (!(typeof rewindable === "object" ? rewindable.get() : rewindable)) return false;
  }
  return true;
}
