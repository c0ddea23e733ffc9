/**
 * Knows whether a call comes from within the engine's own doing: from a plan's step, a handler or a subscriber that it has called and that
 * has not returned. Such a call can't wait for the engine, which waits for it.
 */
export class Inside {
  #depth = 0;

  get is(): boolean {
    return this.#depth > 0;
  }

  enter(): void {
    this.#depth++;
  }

  exit(): void {
    this.#depth--;
  }
}
