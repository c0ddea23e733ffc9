import type { SignalRW, Subscription } from "cerulean/devices";

/**
 * Throws unless both are the same to the last bit: 0 is not -0, and an array of one element is no single value. Of an object it is what
 * the expected one has: the columns of a table, the pixels and the shape of a frame.
 */
export function same(actual: unknown, expected: unknown): void {
  if (!isSame(actual, expected)) throw new Error(`${shown(actual)} came instead of ${shown(expected)}`);
}

function isSame(a: unknown, b: unknown): boolean {
  if (isFields(a) && isFields(b)) return Object.keys(b).every((key) => isSame(a[key], b[key]));
  if (!isList(a) || !isList(b)) return Object.is(a, b);
  return (
    a.constructor === b.constructor && a.length === b.length && a.every((item, index) => Object.is(item, b[index]))
  );
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !isList(value);
}

function isList(value: unknown): value is unknown[] {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

/** A value as a message tells it, the beginning of it where it is long. */
export function shown(value: unknown): string {
  if (isFields(value))
    return `{ ${Object.entries(value)
      .map(([key, one]) => `${key}: ${shown(one)}`)
      .join(", ")} }`;
  if (!isList(value)) return Object.is(value, -0) ? "-0" : `${typeof value} ${String(value)}`;
  const items = Array.from(value.slice(0, 8), (item) => (Object.is(item, -0) ? "-0" : String(item)));
  return `${value.constructor.name} of ${value.length} [${items.join(", ")}]`;
}

/** The updates of a signal since it began to listen, the first of which tells what was. */
export class Arrivals {
  readonly first: Promise<void>;
  readonly #subscription: Subscription;
  readonly #seen: unknown[] = [];
  #arrived: () => void = () => {};

  constructor(signal: SignalRW<any>) {
    this.first = new Promise((resolve) => {
      this.#arrived = resolve;
    });
    this.#subscription = signal.subscribeReading(({ value }) => {
      this.#seen.push(value);
      this.#arrived();
    });
  }

  /** Resolves when this value has come, and rejects when another has. */
  async of(value: unknown): Promise<void> {
    const late = AbortSignal.timeout(10_000);
    while (this.#seen.length < 2 && !isSame(this.#seen[0], value)) {
      await new Promise<void>((resolve, reject) => {
        this.#arrived = resolve;
        late.addEventListener("abort", () => reject(new Error(`no update came with ${shown(value)}`)), { once: true });
      });
    }
    for (const update of this.#seen.slice(1)) same(update, value);
  }

  end(): void {
    this.#subscription.unsubscribe();
  }
}
