/** The root of what goes wrong between us and a PV. `source` is `ca://X` or `pva://X`; `code` is stable for programs. */
export class ChannelError extends Error {
  override readonly name: string = "ChannelError";
  readonly source: string;
  readonly code: string;

  constructor(source: string, code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.source = source;
    this.code = code;
  }

  /** The class for a code of the addon (native/src/error.rs, same order). */
  static of(code: number, source: string, text: string): ChannelError {
    const make = BY_CODE[code] ?? ChannelRequestError;
    return new make(source, `${source} ${text}`);
  }
}

/** The PV was not found or its server is gone. Check the name, the IOC, and the address list of the context. */
export class NotConnectedError extends ChannelError {
  override readonly name = "NotConnectedError";

  constructor(source: string, message: string = `${source} is not connected`, options?: ErrorOptions) {
    super(source, "NOT_CONNECTED", message, options);
  }
}

/** A connected PV did not answer within the time that was given. */
export class ChannelTimeoutError extends ChannelError {
  override readonly name = "ChannelTimeoutError";

  constructor(source: string, message: string, options?: ErrorOptions) {
    super(source, "TIMEOUT", message, options);
  }
}

/** The server refuses this client's read or write; nothing was written. */
export class WriteAccessError extends ChannelError {
  override readonly name = "WriteAccessError";

  constructor(source: string, message: string = `${source} may not be written by this client`, options?: ErrorOptions) {
    super(source, "WRITE_ACCESS", message, options);
  }
}

/** A put was sent and its answer never came: the record may or may not have taken the value. Never repeated by itself. */
export class PutOutcomeUnknownError extends ChannelError {
  override readonly name = "PutOutcomeUnknownError";

  constructor(source: string, message: string, options?: ErrorOptions) {
    super(source, "PUT_OUTCOME_UNKNOWN", message, options);
  }
}

/** A put was for one connection of its channel, which now has another or none. Nothing was sent. */
export class ConnectionChangedError extends ChannelError {
  override readonly name = "ConnectionChangedError";

  constructor(source: string, message: string, options?: ErrorOptions) {
    super(source, "CONNECTION_CHANGED", message, options);
  }
}

/** The server does not let this client read. */
export class ReadAccessError extends ChannelError {
  override readonly name = "ReadAccessError";

  constructor(source: string, message: string = `${source} may not be read by this client`, options?: ErrorOptions) {
    super(source, "READ_ACCESS", message, options);
  }
}

/** The value does not fit the channel's type: an unknown label, a fraction for an integer, text for a number. Nothing was sent. */
export class ChannelTypeError extends ChannelError {
  override readonly name = "ChannelTypeError";

  constructor(source: string, message: string, options?: ErrorOptions) {
    super(source, "TYPE", message, options);
  }
}

/** The server answered with an error of its own. */
export class ChannelRequestError extends ChannelError {
  override readonly name = "ChannelRequestError";

  constructor(source: string, message: string, options?: ErrorOptions) {
    super(source, "REQUEST", message, options);
  }
}

/** The channel or its context was closed, or the addon caught a panic of its own. */
export class ChannelClosedError extends ChannelError {
  override readonly name = "ChannelClosedError";

  constructor(source: string, message: string = `${source} is closed`, options?: ErrorOptions) {
    super(source, "CLOSED", message, options);
  }
}

const BY_CODE: readonly (new (source: string, message: string) => ChannelError)[] = [
  NotConnectedError,
  ChannelTimeoutError,
  WriteAccessError,
  PutOutcomeUnknownError,
  ChannelTypeError,
  ChannelRequestError,
  ChannelClosedError,
  ReadAccessError,
  ConnectionChangedError,
];

/** The addon could not be loaded: it was not built, or for another platform. */
export class AddonMissingError extends Error {
  override readonly name = "AddonMissingError";
  readonly code = "ADDON_MISSING";
}

/** A context option that can't be honoured; the message names it and says what to do instead. */
export class ContextOptionError extends Error {
  override readonly name = "ContextOptionError";
  readonly code = "CONTEXT_OPTION";
}

/** `shutdownAll` was asked to close contexts whose channels are in use. */
export class ContextInUseError extends Error {
  override readonly name = "ContextInUseError";
  readonly code = "CONTEXT_IN_USE";
  readonly sources: readonly string[];

  constructor(sources: readonly string[]) {
    const shown = sources.slice(0, 10).join(", ");
    const more = sources.length > 10 ? ` and ${sources.length - 10} more` : "";
    super(`channels are in use: ${shown}${more}. Close them first, or pass { force: true }`);
    this.sources = sources;
  }
}
