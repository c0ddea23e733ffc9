import { randomUUID } from "node:crypto";
import { posix, win32 } from "node:path";
import { pathToFileURL } from "node:url";

/** Where a file goes: the path as the server that writes it says, and the URI as readers find it. */
export interface PathInfo {
  /** Absolute, in the manner of the writer's system. */
  readonly directoryPath: string;
  /** Without its suffix. */
  readonly filename: string;
  /** Of the last directories, how many the writer may make; a negative number, 0 for none. */
  readonly createDirDepth: number;
  /** Ends with a slash. */
  readonly directoryUri: string;
  /** Whether the directory is looked for at its URI, from this machine, before anything is written; true by default. */
  readonly probe?: boolean;
}

export interface FilenameProvider {
  filename(dataKey: string): string;
}

export interface PathProvider {
  path(dataKey: string): PathInfo;
}

export interface PathProviderOptions {
  /** The directory as readers find it; a `file:` URI of the path by default. Needed where the paths of writer and reader differ. */
  readonly directoryUri?: string;
  /** 0 by default. */
  readonly createDirDepth?: number;
  /** Fail when the directory isn't found at a `file:` URI of this machine; true by default. False where this machine has no access to it. */
  readonly probe?: boolean;
}

export class StaticFilenameProvider implements FilenameProvider {
  readonly #filename: string;

  constructor(filename: string) {
    this.#filename = filename;
  }

  filename(): string {
    return this.#filename;
  }
}

/** A new name for each file. */
export class UUIDFilenameProvider implements FilenameProvider {
  filename(): string {
    return randomUUID();
  }
}

export interface AutoIncrementOptions {
  readonly base?: string;
  /** 5 by default; a number that needs more is an error. */
  readonly maxDigits?: number;
  /** 0 by default. */
  readonly start?: number;
  /** 1 by default. */
  readonly increment?: number;
  /** `_` by default. */
  readonly delimiter?: string;
}

/** `base_00000`, `base_00001` and so on. */
export class AutoIncrementFilenameProvider implements FilenameProvider {
  readonly #options: Required<AutoIncrementOptions>;
  #next: number;

  constructor(options: AutoIncrementOptions = {}) {
    this.#options = { base: "", maxDigits: 5, start: 0, increment: 1, delimiter: "_", ...options };
    this.#next = this.#options.start;
  }

  filename(): string {
    const { base, maxDigits, increment, delimiter } = this.#options;
    const digits = String(this.#next);
    if (digits.length > maxDigits)
      throw new RangeError(`file number ${digits} exceeded maximum of ${maxDigits} digits`);
    this.#next += increment;
    return `${base}${base === "" ? "" : delimiter}${digits.padStart(maxDigits, "0")}`;
  }
}

/** All files into one directory. */
export class StaticPathProvider implements PathProvider {
  readonly #filenames: FilenameProvider;
  readonly #directory: string;
  readonly #options: PathProviderOptions;

  constructor(filenames: FilenameProvider, directory: string, options: PathProviderOptions = {}) {
    this.#filenames = filenames;
    this.#directory = absolute(directory);
    this.#options = options;
  }

  path(dataKey: string): PathInfo {
    return below(this.#directory, [], this.#filenames.filename(dataKey), this.#options);
  }
}

/** Into `<directory>/<year>/<month>/<day>`; the writer makes these three. */
export class YMDPathProvider implements PathProvider {
  readonly #filenames: FilenameProvider;
  readonly #directory: string;
  readonly #options: PathProviderOptions;
  readonly #now: () => Date;

  constructor(
    filenames: FilenameProvider,
    directory: string,
    options: PathProviderOptions & { readonly now?: () => Date } = {},
  ) {
    this.#filenames = filenames;
    this.#directory = absolute(directory);
    this.#options = { createDirDepth: -3, ...options };
    this.#now = options.now ?? (() => new Date());
  }

  path(dataKey: string): PathInfo {
    const day = this.#now();
    const two = (value: number): string => String(value).padStart(2, "0");
    const parts = [String(day.getFullYear()), two(day.getMonth() + 1), two(day.getDate())];
    return below(this.#directory, parts, this.#filenames.filename(dataKey), this.#options);
  }
}

/** Each path into a directory of its own: `<directory>/<base>_00000` and so on. */
export class AutoIncrementingPathProvider implements PathProvider {
  readonly #filenames: FilenameProvider;
  readonly #directory: string;
  readonly #names: AutoIncrementFilenameProvider;
  readonly #options: PathProviderOptions;

  constructor(
    filenames: FilenameProvider,
    directory: string,
    options: PathProviderOptions & AutoIncrementOptions = {},
  ) {
    this.#filenames = filenames;
    this.#directory = absolute(directory);
    this.#names = new AutoIncrementFilenameProvider(options);
    this.#options = { createDirDepth: -1, ...options };
  }

  path(dataKey: string): PathInfo {
    return below(this.#directory, [this.#names.filename()], this.#filenames.filename(dataKey), this.#options);
  }
}

function isWindows(path: string): boolean {
  return /^[A-Za-z]:[\\/]/.test(path) || path.startsWith("\\\\");
}

function absolute(directory: string): string {
  if (isWindows(directory) || posix.isAbsolute(directory)) return directory;
  throw new TypeError(`${directory} is no absolute path; the server that writes may stand elsewhere`);
}

function below(directory: string, parts: readonly string[], filename: string, options: PathProviderOptions): PathInfo {
  const windows = isWindows(directory);
  const directoryPath = (windows ? win32 : posix).join(directory, ...parts);
  const base = options.directoryUri ?? uriOf(directory, windows);
  if (!URL.canParse(base)) throw new TypeError(`${base} is no URI; it needs a scheme, as in file://host/data/`);
  const uri = [base.replace(/\/$/, ""), ...parts.map(encodeURIComponent), ""].join("/");
  const { createDirDepth = 0, probe } = options;
  return {
    directoryPath,
    filename,
    createDirDepth,
    directoryUri: uri,
    ...(probe === undefined ? {} : { probe }),
  };
}

function uriOf(directory: string, windows: boolean): string {
  if (windows) return `file://localhost/${directory.replaceAll("\\", "/").replace(/^\/+/, "")}`;
  return pathToFileURL(directory).href.replace("file://", "file://localhost");
}
