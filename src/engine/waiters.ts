/** Those who wait for the engine to get somewhere. */
export class Waiters<T> {
  #resolves: ((value: T) => void)[] = [];

  wait(): Promise<T> {
    return new Promise((resolve) => {
      this.#resolves.push(resolve);
    });
  }

  settle(value: T): void {
    const resolves = this.#resolves;
    this.#resolves = [];
    for (const resolve of resolves) resolve(value);
  }
}
