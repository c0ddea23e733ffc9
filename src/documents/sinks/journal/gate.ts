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
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(resolve, timeoutMs, false);
    });
    try {
      return await Promise.race([this.promise.then(() => true), late]);
    } finally {
      clearTimeout(timer);
    }
  }
}
