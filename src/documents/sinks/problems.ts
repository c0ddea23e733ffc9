import { SinkError } from "./sink-error.ts";

/** What went wrong and stopped nothing, for whoever flushes next. */
export class Problems {
  #kept: SinkError[] = [];

  keep(problem: SinkError): void {
    this.#kept.push(problem);
  }

  /** Throws what was kept since the last time, as one error. */
  raise(): void {
    const [first, ...others] = this.#kept;
    this.#kept = [];
    if (first === undefined) return;
    const more =
      others.length === 0 ? "" : ` And ${others.length} more: ${others.map(({ message }) => message).join(" ")}`;
    throw new SinkError(first.code, first.message + more);
  }
}
