import { Suspender, type SuspenderOptions } from "./suspender.ts";

/** What the suspenders by a band have in common: its edges, of which neither is inside. */
abstract class BandSuspender extends Suspender {
  readonly #bottom: number;
  readonly #top: number;

  constructor(signal: unknown, bandBottom: number, bandTop: number, options: SuspenderOptions = {}) {
    super(signal, options);
    if (!(bandBottom < bandTop)) {
      throw new RangeError(
        `${this.constructor.name}: the band's bottom, ${bandBottom}, must be below its top, ${bandTop}`,
      );
    }
    this.#bottom = bandBottom;
    this.#top = bandTop;
  }

  protected isInside(value: number): boolean {
    return this.#bottom < value && value < this.#top;
  }

  protected told(value: unknown, where: string): string {
    return `${this.name} = ${value} is ${where} of the range (${this.#bottom}, ${this.#top})`;
  }
}

/** Holds the engine while the signal is outside a band, its edges included. */
export class SuspendWhenOutsideBand extends BandSuspender {
  protected shouldSuspend(value: number): boolean {
    return !this.isInside(value);
  }

  protected shouldResume(value: number): boolean {
    return this.isInside(value);
  }

  protected justify(value: unknown): string {
    return this.told(value, "outside");
  }
}

/** @deprecated The name that bluesky gave `SuspendWhenOutsideBand` before. */
export class SuspendInBand extends SuspendWhenOutsideBand {}

/** Holds the engine while the signal is inside a band. @deprecated As in bluesky; it is there so that its plans can be taken over. */
export class SuspendOutBand extends BandSuspender {
  protected shouldSuspend(value: number): boolean {
    return this.isInside(value);
  }

  protected shouldResume(value: number): boolean {
    return !this.isInside(value);
  }

  protected justify(value: unknown): string {
    return this.told(value, "inside");
  }
}
