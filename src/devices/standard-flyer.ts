import { Device, type DeviceOptions } from "./device.ts";
import { asError } from "./errors.ts";
import { type Status, type StatusContext, status } from "./status.ts";

/**
 * What a flyer does. What `prepare` resolves to is given to `kickoff`, and what that resolves to to `complete`. The signal of a step's
 * context is aborted when the flyer is stopped.
 */
export interface FlyableLogic<P, Prepared = void, Flying = void> {
  prepare(value: P, context: StatusContext): Promise<Prepared>;
  kickoff(prepared: Prepared, context: StatusContext): Promise<Flying>;
  complete(flying: Flying, context: StatusContext): Promise<void>;
  /** Ends whatever goes on, and puts back what was changed. */
  stop(): Promise<void>;
}

/** A flyer of a logic: it keeps the order of prepare, kickoff and complete, and stops the logic when it is staged and unstaged. */
export class StandardFlyer<P, Prepared = void, Flying = void> extends Device {
  readonly #logic: FlyableLogic<P, Prepared, Flying>;
  #prepared: { readonly value: Prepared } | undefined;
  #flying: { readonly value: Flying } | undefined;
  readonly #pending = new Set<Status>();
  #stops = 0;

  constructor(logic: FlyableLogic<P, Prepared, Flying>, options: DeviceOptions = {}) {
    super(options);
    this.#logic = logic;
  }

  async stage(): Promise<void> {
    await this.stop();
  }

  async unstage(): Promise<void> {
    await this.stop();
  }

  prepare(value: P): Status {
    return this.#step(async (context, unlessStopped) => {
      this.#prepared = undefined;
      this.#prepared = { value: unlessStopped(await this.#logic.prepare(value, context)) };
    });
  }

  /** Uses up what was prepared: each kickoff needs its own `prepare`. */
  kickoff(): Status {
    return this.#step(async (context, unlessStopped) => {
      const prepared = this.#prepared;
      if (prepared === undefined) throw new Error(`${this.name}: prepare() must be called before kickoff()`);
      this.#prepared = undefined;
      this.#flying = undefined;
      this.#flying = { value: unlessStopped(await this.#logic.kickoff(prepared.value, context)) };
    });
  }

  complete(): Status {
    return this.#step(async (context, unlessStopped) => {
      const flying = this.#flying;
      if (flying === undefined) throw new Error(`${this.name}: kickoff() must be called before complete()`);
      unlessStopped(await this.#logic.complete(flying.value, context));
      if (this.#flying === flying) this.#flying = undefined;
    });
  }

  /** Stops the logic. What is pending fails with `Device X was stopped.` once that is done, and has to begin with `prepare` again. */
  async stop(): Promise<void> {
    this.#stops += 1;
    this.#prepared = undefined;
    this.#flying = undefined;
    // What begins from here on is not meant: a plan need not wait for the stop that staging is.
    const overtaken = [...this.#pending];
    try {
      await this.#logic.stop();
    } catch (error) {
      throw new Error(`${this.name} could not be stopped: ${asError(error).message}`, { cause: error });
    } finally {
      for (const step of overtaken) step.cancel(this.#stopped());
    }
  }

  /** A step that a stop has overtaken fails, however it ends itself, and what it made is forgotten. */
  #step(run: (context: StatusContext, unlessStopped: <T>(value: T) => T) => Promise<void>): Status {
    const stops = this.#stops;
    const step = status((context) =>
      run(context, (value) => {
        if (this.#stops !== stops) throw this.#stopped();
        context.signal.throwIfAborted();
        return value;
      }),
    );
    this.#pending.add(step);
    step.onDone(() => this.#pending.delete(step));
    return step;
  }

  #stopped(): Error {
    return new Error(`Device ${this.name} was stopped.`);
  }
}
