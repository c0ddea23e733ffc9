/**
 * Knows whether a call comes from within the engine's own doing: from a step of a plan, a handler or a subscriber. Such a call can't wait
 * for the engine, which waits for it.
 */
export class Inside {
  #depth = 0;
  #turn = false;
  readonly #endTurn = (): void => {
    this.#turn = false;
  };

  /** An async plan's step goes on in microtasks; a tick comes after the last of them, and before anybody else's turn. */
  stepping(): void {
    if (this.#turn) return;
    this.#turn = true;
    process.nextTick(this.#endTurn);
  }

  enter(): void {
    this.#depth++;
  }

  exit(): void {
    this.#depth--;
  }

  is(stepInFlight: boolean): boolean {
    return this.#depth > 0 || (this.#turn && stepInFlight);
  }
}
