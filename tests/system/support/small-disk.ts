import { type ChildProcess, execFileSync, spawn } from "node:child_process";

const MOUNT = 'mount -t tmpfs -o size=$0 tmpfs "$1" && shift && exec "$@"';
// In blocks of 512 bytes, for sh.
const LIMIT = 'ulimit -f $(($0 / 512)); shift; exec "$@"';

/**
 * Starts a program that has a disk of so many bytes at a folder: a tmpfs in a name space of its own, which any user may have on most
 * systems, and nothing is left of it afterwards; where that is forbidden, files of the program can't grow beyond so many bytes.
 */
export function onSmallDisk(folder: string, bytes: number, command: readonly string[]): ChildProcess {
  const stdio = ["pipe", "pipe", "inherit"] as const;
  const size = String(bytes);
  if (mayMount()) {
    const inside = ["--mount", "--map-root-user", "sh", "-c", MOUNT, size, folder, ...command];
    return spawn("unshare", inside, { stdio: [...stdio] });
  }
  return spawn("sh", ["-c", LIMIT, size, folder, ...command], { stdio: [...stdio] });
}

function mayMount(): boolean {
  try {
    const script = 'mkdir -p "$0" && mount -t tmpfs -o size=4k tmpfs "$0"';
    execFileSync("unshare", ["--mount", "--map-root-user", "sh", "-c", script, "/tmp"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
