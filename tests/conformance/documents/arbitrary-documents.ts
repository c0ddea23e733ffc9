import fc from "fast-check";
import type { DocumentName } from "../../../src/documents/index.ts";

type Shape = Record<string, fc.Arbitrary<unknown>>;

const text = fc.oneof(fc.constantFrom("", "a", "det", "x y", "é", "$x"), fc.string({ maxLength: 8 }));
const key = fc.oneof(
  { weight: 60, arbitrary: fc.constantFrom("a", "b", "det", "motor x", "ü") },
  { weight: 1, arbitrary: fc.constantFrom("a.b", "a/b", "$a", "") },
);
const time = fc.oneof(
  { weight: 20, arbitrary: fc.double({ min: 0, max: 2e9, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY) },
);
const whole = fc.integer({ min: -3, max: 1000 });
const scalar = fc.oneof(
  fc.double(),
  whole,
  text,
  fc.boolean(),
  fc.constant(null),
  fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n }),
);
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    scalar,
    fc.array(tie("tree"), { maxLength: 3 }),
    fc.dictionary(key, tie("tree"), { maxKeys: 3, noNullPrototype: true }),
  ),
}));
const object = fc.dictionary(key, tree, { maxKeys: 3, noNullPrototype: true });
const mapOf = (value: fc.Arbitrary<unknown>) => fc.dictionary(key, value, { maxKeys: 3, noNullPrototype: true });
const listOf = (value: fc.Arbitrary<unknown>) => fc.array(value, { maxLength: 3 });

function record(required: Shape, optional: Shape = {}): fc.Arbitrary<Record<string, unknown>> {
  return fc.record({ ...required, ...optional }, { requiredKeys: Object.keys(required), noNullPrototype: true });
}

function withExtras(base: fc.Arbitrary<Record<string, unknown>>): fc.Arbitrary<Record<string, unknown>> {
  const extras = fc.oneof({ weight: 2, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: object });
  return fc.tuple(extras, base).map(([extra, doc]) => ({ ...extra, ...doc }));
}

function mostly(good: readonly string[], bad: readonly string[]): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 20, arbitrary: fc.constantFrom(...good) },
    { weight: 1, arbitrary: fc.constantFrom(...bad) },
  );
}

const dtypeNumpy = mostly(["<f8", "|b1", ">i4", "xx<f8yy", "<U12"], ["f8", "|O", ""]);
const orNull = (value: fc.Arbitrary<unknown>) => fc.oneof({ weight: 4, arbitrary: value }, fc.constant(null));
const range = orNull(record({ low: orNull(fc.double()), high: orNull(fc.double()) }));
const dataKey = withExtras(
  record(
    {
      dtype: fc.constantFrom("string", "number", "array", "boolean", "integer"),
      shape: listOf(orNull(whole)),
      source: text,
    },
    {
      dtype_numpy: fc.oneof(dtypeNumpy, listOf(fc.tuple(text, dtypeNumpy))),
      external: mostly(["STREAM:", "FILESTORE:", "A"], ["a", "xA:", ""]),
      units: orNull(text),
      precision: orNull(whole),
      dims: listOf(text),
      choices: listOf(text),
      object_name: text,
      limits: record(
        {},
        {
          control: range,
          display: range,
          warning: range,
          alarm: range,
          hysteresis: orNull(fc.double()),
          rds: orNull(record({ time_difference: fc.double(), value_difference: fc.double() })),
        },
      ),
    },
  ),
);
const projected = fc.oneof(
  record({ type: fc.constant("static"), value: tree }),
  record({ type: fc.constant("linked"), location: fc.constant("event"), stream: text, field: text }),
  record(
    {
      type: fc.constant("linked"),
      location: fc.constant("configuration"),
      stream: text,
      field: text,
      config_index: whole,
    },
    { config_device: text },
  ),
  record({
    type: fc.constant("calculated"),
    location: fc.constant("event"),
    stream: text,
    field: text,
    calculation: record({ callable: text }, { args: listOf(tree), kwargs: object }),
  }),
);
const axis = fc.tuple(fc.oneof(listOf(text), text), text);
const event = record(
  { uid: text, time, descriptor: text, seq_num: whole, data: object, timestamps: mapOf(time) },
  { filled: mapOf(fc.oneof(fc.boolean(), text)) },
);
const streamRange = record({ start: whole, stop: whole });

/** Pages whose columns are mostly equally long. */
const page = fc.integer({ min: 0, max: 3 }).chain((rows) => {
  const length = fc.oneof(
    { weight: 30, arbitrary: fc.constant(rows) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 3 }) },
  );
  const column = (value: fc.Arbitrary<unknown>) =>
    length.chain((size) => fc.array(value, { minLength: size, maxLength: size }));
  return record(
    {
      uid: column(text),
      time: column(time),
      descriptor: text,
      seq_num: column(whole),
      data: mapOf(column(tree)),
      timestamps: mapOf(column(time)),
    },
    { filled: mapOf(column(fc.oneof(fc.boolean(), text))) },
  );
});

/** Documents of each type, most of them valid. */
export const documents: Record<DocumentName, fc.Arbitrary<Record<string, unknown>>> = {
  start: withExtras(
    record(
      { uid: text, time },
      {
        scan_id: whole,
        owner: text,
        group: text,
        project: text,
        data_session: text,
        data_groups: listOf(text),
        data_type: tree,
        sample: fc.oneof(text, object),
        hints: withExtras(record({}, { dimensions: listOf(axis) })),
        projections: listOf(
          withExtras(record({ configuration: object, projection: mapOf(projected), version: text }, { name: text })),
        ),
      },
    ),
  ),
  stop: withExtras(
    record(
      { uid: text, time, run_start: text, exit_status: fc.constantFrom("success", "abort", "fail") },
      { reason: text, num_events: mapOf(whole), data_type: tree },
    ),
  ),
  descriptor: withExtras(
    record(
      { uid: text, time, run_start: text, data_keys: mapOf(dataKey) },
      {
        name: text,
        object_keys: mapOf(tree),
        object_classes: mapOf(text),
        configuration: mapOf(withExtras(record({}, { data: object, timestamps: object, data_keys: mapOf(dataKey) }))),
        hints: withExtras(
          record({}, { fields: listOf(text), NX_class: mostly(["NXdetector", "NX_x"], ["NX", "xNXa", "NXa1"]) }),
        ),
      },
    ),
  ),
  event,
  event_page: page,
  resource: record(
    { uid: text, spec: text, root: text, resource_path: text, resource_kwargs: object },
    { run_start: text, path_semantics: fc.constantFrom("posix", "windows") },
  ),
  datum: record({ datum_id: text, datum_kwargs: object, resource: text }),
  datum_page: record({ datum_id: listOf(text), datum_kwargs: mapOf(listOf(tree)), resource: text }),
  stream_resource: withExtras(
    record({ uid: text, data_key: text, mimetype: text, uri: text, parameters: object }, { run_start: text }),
  ),
  stream_datum: withExtras(
    record({ uid: text, descriptor: text, stream_resource: text, indices: streamRange, seq_nums: streamRange }),
  ),
  bulk_events: mapOf(listOf(event)) as fc.Arbitrary<Record<string, unknown>>,
  bulk_datum: record({ datum_ids: listOf(text), datum_kwarg_list: listOf(object), resource: text }),
};
