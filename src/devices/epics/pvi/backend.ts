import type { Datatype } from "../../datatype.ts";
import { SignalUseError } from "../../errors.ts";
import { Listeners } from "../../listeners.ts";
import type { Reading } from "../../protocols.ts";
import type {
  BackendPutOptions,
  SignalBackend,
  SignalConnection,
  SignalDataKey,
  WaitOptions,
} from "../../signal-backend.ts";
import { within } from "../changes.ts";
import { EpicsBackend } from "../epics-backend.ts";
import type { PviPlace } from "./place.ts";
import type { PviAccess, PviSignal } from "./structure.ts";

/** A signal whose PVs a PVI structure tells when it connects. */
export class PviBackend<T> implements SignalBackend<T> {
  readonly #declared: Datatype<T>;
  readonly #place: PviPlace;
  readonly #key: string | number;
  readonly #access: PviAccess;
  readonly #connections: Listeners<SignalConnection>;
  #epics: { readonly served: PviSignal; readonly backend: EpicsBackend<T> } | undefined;
  #listener: ((reading: Reading<T>) => void) | undefined;

  constructor(datatype: Datatype<T>, place: PviPlace, key: string | number, access: PviAccess) {
    this.#declared = datatype;
    this.#place = place;
    this.#key = key;
    this.#access = access;
    this.#connections = new Listeners(this.source());
  }

  get datatype(): Datatype<T> {
    return this.#epics?.backend.datatype ?? this.#declared;
  }

  get connected(): boolean {
    return this.#epics?.backend.connected ?? false;
  }

  source(): string {
    return this.#epics?.backend.source() ?? `pva://${this.#place.nameOf(this.#key)}`;
  }

  target(): string {
    return this.#epics?.backend.target() ?? this.source();
  }

  /** Finds its PVs first; where they are others than before it leaves those. */
  async connect(options: WaitOptions): Promise<void> {
    const rest = within(options);
    const served = await this.#place.signal(this.#key, this.#access, rest());
    const former = this.#epics;
    if (former === undefined || former.served.readPv !== served.readPv || former.served.writePv !== served.writePv) {
      former?.backend.close();
      const read = this.#access === "w" ? served.writePv : served.readPv;
      const write = this.#access === "r" ? served.readPv : served.writePv;
      const backend = new EpicsBackend(this.#declared, `pva://${read}`, `pva://${write}`, this.#place.source);
      backend.onConnection((state) => this.#connections.call(state));
      this.#epics = { served, backend };
    }
    const { backend } = this.#inUse();
    await backend.connect(rest());
    if (former !== undefined && former.backend !== backend) backend.setListener(this.#listener);
  }

  async put(value: T, options: BackendPutOptions): Promise<void> {
    return this.#inUse().backend.put(value, options);
  }

  async getDataKey(options: WaitOptions): Promise<SignalDataKey> {
    return this.#inUse().backend.getDataKey(options);
  }

  async getReading(options: WaitOptions): Promise<Reading<T>> {
    return this.#inUse().backend.getReading(options);
  }

  async getSetpoint(options: WaitOptions): Promise<T> {
    return this.#inUse().backend.getSetpoint(options);
  }

  setListener(listener: ((reading: Reading<T>) => void) | undefined): void {
    if (listener === undefined && this.#epics === undefined) return;
    this.#inUse().backend.setListener(listener);
    this.#listener = listener;
  }

  onConnection(listener: (state: SignalConnection) => void): Disposable {
    return this.#connections.add(listener);
  }

  close(): void {
    this.#listener = undefined;
    this.#epics?.backend.close();
  }

  #inUse() {
    if (this.#epics === undefined)
      throw new SignalUseError(`${this.source()} has not been connected; await connect() first`);
    return this.#epics;
  }
}
