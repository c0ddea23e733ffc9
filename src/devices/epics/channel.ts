import type {
  ChannelInfo,
  ChannelMetadata,
  ChannelProtocol,
  ChannelReading,
  ChannelSubscription,
  ChannelValue,
  ConnectionState,
  PutOptions,
  ReadOptions,
  SubscribeOptions,
  WaitOptions,
} from "./channel-types.ts";

/** One PV of one context. Made by `Context.channel`; it searches at once and reconnects by itself until it is closed. */
export interface Channel extends AsyncDisposable {
  readonly name: string;
  readonly source: string;
  readonly protocol: ChannelProtocol;
  readonly connected: boolean;
  readonly writable: boolean;
  connect(options?: WaitOptions): Promise<ChannelInfo>;
  connectAndPrefetch(options?: WaitOptions): Promise<ChannelMetadata>;
  get(options?: WaitOptions): Promise<ChannelValue>;
  read(options?: ReadOptions): Promise<ChannelReading>;
  metadata(options?: WaitOptions): Promise<ChannelMetadata>;
  put(value: unknown, options?: PutOptions): Promise<void>;
  fieldDescription(options?: WaitOptions): Promise<object | null>;
  subscribe(listener: (reading: ChannelReading) => void, options?: SubscribeOptions): ChannelSubscription;
  onConnection(listener: (state: ConnectionState) => void): Disposable;
  close(): void;
}
