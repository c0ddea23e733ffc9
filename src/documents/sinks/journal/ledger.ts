import { after } from "../../../timer.ts";

export interface Counts {
  /** Documents that were emitted. */
  readonly records: number;
  /** What they are in the database; a page has many. */
  readonly rows: number;
  /** In the journal. */
  readonly bytes: number;
}

interface Account {
  written: number;
  settled: number;
}

interface Waiter {
  readonly targets: Map<string, number>;
  readonly done: () => void;
  readonly progress: () => void;
  readonly giveUp: () => void;
}

/** Counts what was written and is not stored yet, by run. */
export class Ledger {
  readonly #accounts = new Map<string, Account>();
  readonly #waiters = new Set<Waiter>();
  #carried:
    | { readonly records: ReadonlyMap<string, number>; readonly rows: number; readonly bytes: number }
    | undefined;
  #rows = 0;
  #bytes = 0;
  #documents = 0;
  #stored = 0;

  get pendingRows(): number {
    return this.#rows;
  }

  get pendingBytes(): number {
    return this.#bytes;
  }

  get pendingDocuments(): number {
    return this.#documents;
  }

  get storedDocuments(): number {
    return this.#stored;
  }

  written(run: string, { records, rows, bytes }: Counts): void {
    const account = this.#accounts.get(run);
    if (account === undefined) this.#accounts.set(run, { written: records, settled: 0 });
    else account.written += records;
    this.#documents += records;
    this.#rows += rows;
    this.#bytes += bytes;
  }

  settled(run: string, { records, rows, bytes }: Counts): void {
    this.#documents -= records;
    this.#stored += records;
    this.#rows -= rows;
    this.#bytes -= bytes;
    const account = this.#accounts.get(run);
    if (account === undefined) return;
    account.settled += records;
    if (account.settled >= account.written) this.#accounts.delete(run);
    this.moved();
    for (const waiter of this.#waiters) {
      const target = waiter.targets.get(run);
      if (target === undefined || account.settled < target) continue;
      waiter.targets.delete(run);
      if (waiter.targets.size === 0) waiter.done();
    }
  }

  /** What is pending now is settled all at once, by `recovered`; only what is written from now on is settled one by one. */
  carry(): void {
    const records = new Map([...this.#accounts].map(([run, { written, settled }]) => [run, written - settled]));
    this.#carried = { records, rows: this.#rows, bytes: this.#bytes };
  }

  recovered(): void {
    if (this.#carried === undefined) return;
    const { records, rows, bytes } = this.#carried;
    this.#carried = undefined;
    this.#rows -= rows;
    this.#bytes -= bytes;
    for (const [run, count] of records) this.settled(run, { records: count, rows: 0, bytes: 0 });
  }

  /** Something is going on, though nothing is settled by it. */
  moved(): void {
    for (const waiter of this.#waiters) waiter.progress();
  }

  /** Resolves when everything written so far is settled; true then, false when the time is up first, or when nothing moved for so long. */
  async wait(timeoutMs: number, { whileStill }: { whileStill: boolean }): Promise<boolean> {
    const targets = new Map([...this.#accounts].map(([run, { written }]) => [run, written]));
    if (targets.size === 0) return true;
    return new Promise((resolve) => {
      const finish = (done: boolean): void => {
        stop();
        this.#waiters.delete(waiter);
        resolve(done);
      };
      const start = () => after(timeoutMs, () => finish(false));
      let stop = start();
      const waiter: Waiter = {
        targets,
        done: () => finish(true),
        giveUp: () => finish(false),
        progress: () => {
          if (!whileStill) return;
          stop();
          stop = start();
        },
      };
      this.#waiters.add(waiter);
    });
  }

  /** Whoever waits needn't any longer: nothing more will be settled. */
  giveUp(): void {
    for (const waiter of [...this.#waiters]) waiter.giveUp();
  }

  /** "12 documents of run ab12 and 3 of run cd34", for an error. */
  describePending(): string {
    const parts = [...this.#accounts].map(([run, { written, settled }], at) => {
      const left = written - settled;
      const noun = at === 0 ? ` document${left === 1 ? "" : "s"}` : "";
      return `${left}${noun} of ${run === "" ? "no known run" : `run ${run}`}`;
    });
    return parts.length > 1 ? `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}` : (parts[0] ?? "no documents");
  }
}
