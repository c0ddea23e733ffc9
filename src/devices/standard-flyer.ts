import { Device, type DeviceOptions } from "./device.ts";
import { asError } from "./errors.ts";
import { type Status, type StatusContext, status } from "./status.ts";

/** What a flyer does. What `prepare` resolves to is given to `kickoff`, and what that resolves to to `complete`. */
export interface FlyableLogic<P, Prepared = void, Flying = void> {
  prepare(value: P): Promise<Prepared>;
  kickoff(prepared: Prepared): Promise<Flying>;
  complete(flying: Flying, context: StatusContext): Promise<void>;
  /** Ends whatever goes on, and puts back what was changed. */
  stop(): Promise<void>;
}

/** A flyer of a logic: it keeps the order of prepare, kickoff and complete, and stops the logic when it is staged and unstaged. */
export class StandardFlyer<P, Prepared = void, Flying = void> extends Device {
  readonly #logic: FlyableLogic<P, Prepared, Flying>;
  #prepared: { readonly value: Prepared } | undefined;
  #flying: { readonly value: Flying } | undefined;
  readonly #completing = new Set<Status>();

  constructor(logic: FlyableLogic<P, Prepared, Flying>, options: DeviceOptions = {}) {
    super(options);
    this.#logic = logic;
  }

  async stage(): Promise<void> {
    await this.#end();
  }

  async unstage(): Promise<void> {
    await this.#end();
  }

  prepare(value: P): Status {
    return status(async () => {
      this.#prepared = undefined;
      this.#prepared = { value: await this.#logic.prepare(value) };
    });
  }

  /** Uses up what was prepared: each kickoff needs its own `prepare`. */
  kickoff(): Status {
    return status(async () => {
      const prepared = this.#prepared;
      if (prepared === undefined) throw new Error(`${this.name}: prepare() must be called before kickoff()`);
      this.#prepared = undefined;
      this.#flying = undefined;
      this.#flying = { value: await this.#logic.kickoff(prepared.value) };
    });
  }

  complete(): Status {
    const completing = status(async (context) => {
      const flying = this.#flying;
      if (flying === undefined) throw new Error(`${this.name}: kickoff() must be called before complete()`);
      await this.#logic.complete(flying.value, context);
      if (this.#flying === flying) this.#flying = undefined;
    });
    this.#completing.add(completing);
    completing.onDone(() => this.#completing.delete(completing));
    return completing;
  }

  /** Stops the logic. A pending `complete` fails with `Device X was stopped.` */
  async stop(): Promise<void> {
    const stopped = new Error(`Device ${this.name} was stopped.`);
    try {
      await this.#end();
    } catch (error) {
      throw new Error(`${this.name} could not be stopped: ${asError(error).message}`, { cause: error });
    } finally {
      for (const completing of this.#completing) completing.cancel(stopped);
    }
  }

  async #end(): Promise<void> {
    this.#prepared = undefined;
    this.#flying = undefined;
    await this.#logic.stop();
  }
}
