/** What handlers have open, by the uid of its resource. */
export class OpenFiles<H extends { close?(): unknown }> {
  readonly #opened = new Map<string, Promise<H>>();

  /** The one that is open, or what `open` makes. A file that wasn't there yet is opened anew by the next who asks. */
  of(uid: string, open: () => H | Promise<H>): Promise<H> {
    const known = this.#opened.get(uid);
    if (known !== undefined) return known;
    const opened = (async () => open())();
    this.#opened.set(uid, opened);
    opened.catch(() => this.#opened.get(uid) === opened && this.#opened.delete(uid));
    return opened;
  }

  /** All of them by default. */
  async close(uids: Iterable<string> = [...this.#opened.keys()]): Promise<void> {
    for (const uid of uids) {
      const opened = this.#opened.get(uid);
      this.#opened.delete(uid);
      const handler = await opened?.catch(() => undefined);
      await handler?.close?.();
    }
  }
}
