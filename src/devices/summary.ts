import type { Device } from "./device.ts";
import { asError } from "./errors.ts";
import { told } from "./inspect.ts";
import type { SignalR } from "./signal.ts";
import type { StandardReadable } from "./standard-readable.ts";

/**
 * The device as a person reads it: each signal below it with its kind, value, alarm, datatype and source. Asks for the values;
 * one that can't be read shows its error.
 */
export async function summaryOf(device: Device): Promise<string> {
  const lines = await Promise.all(rowsOf(device, ""));
  const widths = [0, 1, 2].map((column) => Math.max(0, ...lines.map((line) => line[column]?.length ?? 0)));
  const body = lines.map((line) =>
    line
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return [`${device.constructor.name} ${JSON.stringify(device.name)}`, ...body].join("\n");
}

function rowsOf(parent: Device, indent: string): Promise<readonly string[]>[] {
  const rows: Promise<readonly string[]>[] = [];
  for (const [key, child] of parent.children) {
    const kind = (parent as Partial<StandardReadable>).kindOf?.(key);
    if (isSignal(child)) rows.push(signalRow(child, `  ${indent}${key}`, kind ?? ""));
    else {
      rows.push(Promise.resolve([`  ${indent}${key}`, kind ?? "", "", child.constructor.name]));
      rows.push(...rowsOf(child, `${indent}  `));
    }
  }
  return rows;
}

async function signalRow(signal: SignalR<unknown>, title: string, kind: string): Promise<readonly string[]> {
  const value = typeof signal.getReading === "function" ? await shown(signal) : "(written only)";
  return [title, kind, value, `${signal.datatype.label}  ${signal.source}`];
}

function isSignal(device: Device): device is SignalR<unknown> {
  return "backend" in device;
}

async function shown(signal: SignalR<unknown>): Promise<string> {
  try {
    return told(await signal.getReading({ timeoutMs: 2000 }));
  } catch (error) {
    return `(${asError(error).message})`;
  }
}
