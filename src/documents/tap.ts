import { Observable, type Observer, type Operator, Subscriber, Subscription } from "rxjs";

/**
 * An Observable for onlookers. What an observer throws, or an operator between, is reported and ends nothing:
 * RxJS itself would make an uncaught exception of it, which ends the process.
 */
export class Tap<T> extends Observable<T> {
  readonly #report: (error: Error) => void;
  readonly #observers = new Set<Subscriber<T>>();
  readonly #first: (() => T) | undefined;

  /** With `first`, each observer begins with its value. */
  constructor(report: (error: Error) => void, first?: () => T) {
    super();
    this.#report = report;
    this.#first = first;
  }

  get observed(): boolean {
    return this.#observers.size > 0;
  }

  next(value: T): void {
    for (const observer of this.#observers) observer.next(value);
  }

  // Operators are put on by `lift`, so what they make has to be a Tap as well.
  override lift<R>(operator?: Operator<T, R>): Observable<R> {
    const lifted = new Tap<R>(this.#report);
    lifted.source = this;
    lifted.operator = operator as unknown as Operator<any, R>;
    return lifted;
  }

  override subscribe(observerOrNext?: Partial<Observer<T>> | ((value: T) => void) | null): Subscription;
  override subscribe(
    next?: ((value: T) => void) | null,
    error?: ((error: unknown) => void) | null,
    complete?: (() => void) | null,
  ): Subscription;
  override subscribe(
    first?: Partial<Observer<T>> | ((value: T) => void) | null,
    error?: ((error: unknown) => void) | null,
    complete?: (() => void) | null,
  ): Subscription {
    if (first instanceof Subscriber) return super.subscribe(first);
    const given: Partial<Observer<T>> =
      typeof first === "function" || !first
        ? { ...(first && { next: first }), ...(error && { error }), ...(complete && { complete }) }
        : first;
    return super.subscribe({
      next: (value) => this.#isolate(() => given.next?.(value)),
      error: (cause) => this.#isolate(() => (given.error ? given.error(cause) : this.#report(asError(cause)))),
      complete: () => this.#isolate(() => given.complete?.()),
    });
  }

  // Not in RxJS's types, but what its Subject overrides too.
  protected _subscribe(subscriber: Subscriber<any>): Subscription {
    // RxJS comes here too for what an operator made; there the values come from the source.
    if (this.source !== undefined) return this.source.subscribe(subscriber);
    this.#observers.add(subscriber);
    if (this.#first !== undefined) subscriber.next(this.#first());
    return new Subscription(() => this.#observers.delete(subscriber));
  }

  #isolate(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.#report(asError(error));
    }
  }
}

export function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error), { cause: error });
}
