import { after } from "../../../timer.ts";

/** A promise that somebody else resolves. */
export class Gate {
  readonly promise: Promise<void>;
  #open: () => void = () => {};

  constructor() {
    this.promise = new Promise((resolve) => {
      this.#open = resolve;
    });
  }

  open(): void {
    this.#open();
  }

  /** Whether it opened within this time. */
  async within(timeoutMs: number): Promise<boolean> {
    let stop = (): void => {};
    const late = new Promise<boolean>((resolve) => {
      stop = after(timeoutMs, () => resolve(false));
    });
    try {
      return await Promise.race([this.promise.then(() => true), late]);
    } finally {
      stop();
    }
  }
}
