import { readdirSync } from "node:fs";
import { createInterface } from "node:readline";

/** As worker.py: answers each line of standard input with durations in microseconds and what they cost. */
export async function serve(operations) {
  for await (const line of createInterface({ input: process.stdin })) {
    const { op, ...request } = JSON.parse(line);
    let answer;
    try {
      const before = process.cpuUsage();
      const measured = await operations[op](request);
      const { user, system } = process.cpuUsage(before);
      const { us, count } = Array.isArray(measured) ? { us: measured, count: measured.length } : measured;
      answer = { us, count, cpuUs: (user + system) / Math.max(1, count), ...state() };
    } catch (error) {
      answer = { error: `${error?.name}: ${error?.message ?? error}` };
    }
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
  process.exit(0);
}

function state() {
  return { threads: readdirSync("/proc/self/task").length, residentMb: process.memoryUsage.rss() / 2 ** 20 };
}

/** The duration in microseconds of each of n awaited calls, after one that isn't counted. */
export async function timed(n, action) {
  await action();
  const us = [];
  for (let i = 0; i < n; i++) {
    const start = performance.now();
    await action();
    us.push((performance.now() - start) * 1000);
  }
  return us;
}

const QUIET_MS = 2000;

/** Counts updates; the first of each PV only says how it is. */
export class Updates {
  #names;
  #seen = new Set();
  #count = 0;
  #first = 0;
  #last = 0;
  #delays = [];
  #told;

  constructor(names) {
    this.#names = names;
  }

  add(name, timestamp) {
    if (!this.#seen.has(name)) {
      this.#seen.add(name);
      return;
    }
    this.#last = performance.now();
    this.#first ||= this.#last;
    this.#count += 1;
    this.#delays.push((performance.timeOrigin + this.#last - 1000 * timestamp) * 1000);
  }

  tell(count) {
    this.#told = (this.#told ?? 0) + count;
  }

  async ready() {
    while (this.#seen.size < this.#names.length) await pause(10);
  }

  async answer(wanted, delays) {
    while (this.#count < wanted && !(this.#count > 0 && performance.now() - this.#last > QUIET_MS)) await pause(50);
    const [count, took, all] = [this.#count, this.#last - this.#first, this.#delays];
    const told = this.#told;
    [this.#count, this.#first, this.#last, this.#delays, this.#told] = [0, 0, 0, [], undefined];
    return { us: delays ? all : [(took * 1000) / Math.max(1, count)], count, ...(told === undefined ? {} : { told }) };
  }
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
