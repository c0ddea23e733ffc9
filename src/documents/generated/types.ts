// Made by tools/generate-documents.ts from src/documents/schemas; change those and run it.

export type ProjectedField =
  | {
      type: "linked";
      location: "event";
      stream: string;
      field: string;
      [k: string]: unknown;
    }
  | {
      type: "linked";
      location: "configuration";
      stream: string;
      field: string;
      config_index: number;
      config_device: string;
      [k: string]: unknown;
    }
  | {
      type: "calculated";
      location: "event";
      stream: string;
      field: string;
      calculation: {
        callable: string;
        args?: unknown[];
        kwargs?: Record<string, unknown>;
        [k: string]: unknown;
      };
      [k: string]: unknown;
    }
  | {
      type: "static";
      value: unknown;
      [k: string]: unknown;
    };

/**
 * The first document of a run: who takes data, why and with what plan. Members beyond the declared ones are free metadata.
 */
export interface RunStart {
  /**
   * Names the run; a version 4 UUID.
   */
  uid: string;
  /**
   * When the run was opened, in Unix seconds.
   */
  time: number;
  /**
   * A number that people remember; not unique.
   */
  scan_id?: number;
  /**
   * The unix name of the account that takes the data.
   */
  owner?: string;
  /**
   * The unix group that the data belongs to.
   */
  group?: string;
  /**
   * The project that the run is part of.
   */
  project?: string;
  /**
   * The visit or proposal under which data is filed.
   */
  data_session?: string;
  /**
   * Who may see the data.
   */
  data_groups?: string[];
  /**
   * What kind of data this is, in the facility's own terms.
   */
  data_type?: unknown;
  /**
   * The sample: its name, or an object that describes it.
   */
  sample?: string | Record<string, unknown>;
  /**
   * What helps a viewer to show the run.
   */
  hints?: {dimensions?: [fields: string[], stream: string][]; [k: string]: unknown};
  /**
   * How the run maps onto other people's schemas.
   */
  projections?: Projection[];
  [k: string]: unknown;
}
/**
 * One mapping of the run onto another schema, by field of that schema.
 */
export interface Projection {
  name?: string;
  version: string;
  configuration: Record<string, unknown>;
  projection: {
    [k: string]: ProjectedField;
  };
  [k: string]: unknown;
}

/**
 * The last document of a run: how it ended and what it holds. Members beyond the declared ones are free.
 */
export interface RunStop {
  /**
   * Names this document.
   */
  uid: string;
  /**
   * When the run was closed, in Unix seconds.
   */
  time: number;
  /**
   * The uid of the run.
   */
  run_start: string;
  exit_status: "success" | "abort" | "fail";
  /**
   * Why the run ended as it did; empty after success.
   */
  reason?: string;
  /**
   * How many different events each stream has, by stream name.
   */
  num_events?: {
    [k: string]: number;
  };
  /**
   * What kind of data this is, in the facility's own terms.
   */
  data_type?: unknown;
  [k: string]: unknown;
}

/**
 * What the events of a stream hold, and how the devices behind them were configured.
 */
export interface EventDescriptor {
  /**
   * Names this document.
   */
  uid: string;
  /**
   * When it was made, in Unix seconds.
   */
  time: number;
  /**
   * The uid of the run.
   */
  run_start: string;
  /**
   * The stream's name.
   */
  name?: string;
  /**
   * What each key of the events' data is.
   */
  data_keys: {
    [k: string]: DataKey;
  };
  /**
   * The data keys of each device.
   */
  object_keys?: Record<string, string[]>;
  /**
   * The class of each device.
   */
  object_classes?: {
    [k: string]: string;
  };
  /**
   * The settings of each device at this time.
   */
  configuration?: {
    [k: string]: Configuration;
  };
  /**
   * What helps a viewer to show the stream, by device.
   */
  hints?: Record<string, unknown>;
  [k: string]: unknown;
}
/**
 * What one key of an event's data is. Further members are allowed.
 */
export interface DataKey {
  /**
   * Where the value comes from, for instance "ca://mini:current".
   */
  source: string;
  dtype: "string" | "number" | "array" | "boolean" | "integer";
  /**
   * The extent of each axis, empty for a scalar.
   */
  shape: (number | null)[];
  /**
   * numpy's name of the type, for instance "<f8", or [name, type] for each field of a structure.
   */
  dtype_numpy?: string | [string, string][];
  /**
   * Where the data lies when it isn't in the events: "STREAM:" or "FILESTORE:".
   */
  external?: string;
  units?: string | null;
  /**
   * How many digits after the point to show.
   */
  precision?: number | null;
  /**
   * The name of each axis.
   */
  dims?: string[];
  /**
   * What an enumerated value can be.
   */
  choices?: string[];
  /**
   * The device that the key belongs to.
   */
  object_name?: string;
  limits?: Limits;
  [k: string]: unknown;
}
export interface Limits {
  control?: LimitsRange | null;
  display?: LimitsRange | null;
  warning?: LimitsRange | null;
  alarm?: LimitsRange | null;
  hysteresis?: number | null;
  rds?: {
    time_difference: number;
    value_difference: number;
    [k: string]: unknown;
  } | null;
}
export interface LimitsRange {
  low: number | null;
  high: number | null;
}
/**
 * The settings of one device.
 */
export interface Configuration {
  data?: Record<string, unknown>;
  timestamps?: Record<string, unknown>;
  data_keys?: {
    [k: string]: DataKey;
  };
  [k: string]: unknown;
}

/**
 * One point of a stream.
 */
export interface Event {
  /**
   * Names this document.
   */
  uid: string;
  /**
   * When the point was complete, in Unix seconds.
   */
  time: number;
  /**
   * The uid of the descriptor.
   */
  descriptor: string;
  /**
   * The point's number in its stream, from 1; a rewound point has it again.
   */
  seq_num: number;
  /**
   * The values by data key.
   */
  data: Record<string, unknown>;
  /**
   * When each value was measured, in Unix seconds.
   */
  timestamps: Record<string, number>;
  /**
   * For each external key: false while its data is elsewhere, else the datum_id that it was filled from.
   */
  filled?: {
    [k: string]: boolean | string;
  };
}

export type NumberColumn = ArrayLike<number>;
export type IntegerColumn = ArrayLike<number>;
export type Column = ArrayLike<unknown>;
export type TimestampColumn = ArrayLike<number>;
export type FilledColumn = ArrayLike<boolean | string>;

/**
 * Many points of one stream, by column. In wire form the columns are plain arrays; on the bus numbers are typed arrays where that's possible.
 */
export interface EventPage {
  /**
   * Names each point.
   */
  uid: string[];
  time: NumberColumn;
  /**
   * The uid of the one descriptor of all points.
   */
  descriptor: string;
  seq_num: IntegerColumn;
  /**
   * The columns of values by data key.
   */
  data: {
    [k: string]: Column;
  };
  /**
   * When each value was measured, in Unix seconds.
   */
  timestamps: {
    [k: string]: TimestampColumn;
  };
  /**
   * For each external key and point: false while its data is elsewhere, else the datum_id.
   */
  filled?: {
    [k: string]: FilledColumn;
  };
}

/**
 * A file, or a set of files, that data of a run lies in.
 */
export interface Resource {
  /**
   * Names this document.
   */
  uid: string;
  /**
   * The uid of the run; old data lacks it.
   */
  run_start?: string;
  /**
   * Which handler reads it.
   */
  spec: string;
  /**
   * The part of the path that differs between machines.
   */
  root: string;
  /**
   * The rest of the path.
   */
  resource_path: string;
  path_semantics?: "posix" | "windows";
  /**
   * What the handler is opened with.
   */
  resource_kwargs: Record<string, unknown>;
}

/**
 * Where in a resource the data of one key of one event lies.
 */
export interface Datum {
  /**
   * Names this document; the event has it in place of the data.
   */
  datum_id: string;
  /**
   * What the handler is called with.
   */
  datum_kwargs: Record<string, unknown>;
  /**
   * The uid of the resource.
   */
  resource: string;
}

export type KwargColumn = ArrayLike<unknown>;

/**
 * Many data of one resource, by column.
 */
export interface DatumPage {
  /**
   * Names each datum.
   */
  datum_id: string[];
  /**
   * What the handler is called with, by column.
   */
  datum_kwargs: {
    [k: string]: KwargColumn;
  };
  /**
   * The uid of the one resource of all.
   */
  resource: string;
}

/**
 * A file or another source that grows with a run and holds one key of its events.
 */
export interface StreamResource {
  /**
   * Names this document.
   */
  uid: string;
  /**
   * The uid of the run.
   */
  run_start?: string;
  /**
   * The key of the descriptor that it holds.
   */
  data_key: string;
  /**
   * Which reader it needs, for instance "application/x-hdf5".
   */
  mimetype: string;
  /**
   * Where it is.
   */
  uri: string;
  /**
   * What the reader needs besides.
   */
  parameters: Record<string, unknown>;
  [k: string]: unknown;
}

/**
 * Which frames of a stream resource belong to which events.
 */
export interface StreamDatum {
  /**
   * Names this document.
   */
  uid: string;
  /**
   * The uid of the descriptor.
   */
  descriptor: string;
  /**
   * The uid of the stream resource.
   */
  stream_resource: string;
  indices: StreamRange;
  seq_nums: StreamRange;
  [k: string]: unknown;
}
/**
 * From start up to, and without, stop.
 */
export interface StreamRange {
  start: number;
  stop: number;
  [k: string]: unknown;
}

/**
 * Events by descriptor, an old form of the event page that is read and never written.
 */
export type BulkEvents = Record<string, Event[]>;

/**
 * Data of one resource, an old form of the datum page that is read and never written.
 */
export interface BulkDatum {
  datum_ids: string[];
  datum_kwarg_list: Record<string, unknown>[];
  resource: string;
}
