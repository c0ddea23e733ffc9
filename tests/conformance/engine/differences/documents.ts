import { thisProcess } from "../../../../src/documents/process-identity.ts";
import { Kit } from "../kit/kit.ts";
import { type Difference, documents, setReason } from "./difference.ts";

const CLASSES = new Map(Object.values(new Kit({})).map((device) => [device.name, device.constructor.name]));

/** Python's exceptions that JavaScript has not, and what stands for them. */
const ERRORS: Readonly<Record<string, string>> = {
  AssertionError: "TypeError",
  KeyError: "TypeError",
  RuntimeError: "Error",
  ValueError: "Error",
};

const OTHER_ERRORS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "wait_for of nothing is refused": { ValueError: "TypeError" },
  "create without a name is refused, and there is no bundle to drop": { ValueError: "TypeError" },
  "create without a name is refused, and the next create is not": { ValueError: "TypeError" },
};

function renamed(value: any, classes: Readonly<Record<string, string>>): any {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((each) => renamed(each, classes));
  const copied = Object.fromEntries(Object.entries(value).map(([key, each]) => [key, renamed(each, classes)]));
  return typeof copied.class === "string" ? { ...copied, class: classes[copied.class] ?? copied.class } : copied;
}

const NO_FRAMES = "a stream_datum spans 2 events, but one event may have 1 only; collect it instead";

/** Documents, refusals and errors. */
export const DOCUMENTS: readonly Difference[] = [
  {
    name: "Rows of a page keep their own times",
    edit: (record) => {
      for (const page of documents(record, "event_page")) page.time = Object.values<any>(page.timestamps)[0];
    },
  },
  {
    name: "A stream_datum that is too wide is refused before anything is emitted",
    entries: ["a count of two frames at a time is refused"],
    edit: (record) => {
      record.documents = record.documents.filter(([name]) => !name.startsWith("stream_"));
      setReason(record, /^Received multiple indices/, NO_FRAMES);
    },
  },
  {
    name: "Errors are of JavaScript's classes",
    edit: (record, entry) => {
      const classes = { ...ERRORS, ...OTHER_ERRORS[entry] };
      record.journal = renamed(record.journal, classes);
      record.outcome.raised = renamed(record.outcome.raised, classes);
    },
  },
  {
    name: "A stream is described once, however often it is declared",
    entries: [
      "a declared stream that is declared 1 times again",
      "a declared stream that is declared 2 times again",
      "a declaration that a pause repeats",
      "baselineWrapper, through a pause",
      "supplementalData, through a pause",
    ],
    edit: (record) => {
      const kept = new Map<string, string>();
      const moved = new Map<string, string>();
      record.documents = record.documents.filter(([name, doc]) => {
        if (name === "descriptor") {
          if (kept.has(doc.name)) moved.set(doc.uid, kept.get(doc.name) as string);
          else kept.set(doc.name, doc.uid);
          return !moved.has(doc.uid);
        }
        doc.descriptor = moved.get(doc.descriptor) ?? doc.descriptor;
        return true;
      });
      for (const [, doc] of record.documents) if (doc.descriptor === undefined) delete doc.descriptor;
    },
  },
  {
    name: "A run ends also when close_run was sent with a wrong exit status",
    entries: ["bogus", "ok"].map(
      (status) => `close_run with the exit status "${status}" is refused, and the run ends all the same`,
    ),
    edit: (record, entry) => {
      const status = entry.includes("bogus") ? "bogus" : "ok";
      const reason = `close_run: "${status}" is no exit status; use one of success, abort, fail`;
      const run = { run_start: "uid 1", uid: "uid 2", time: "now" };
      record.documents.push(["stop", { exit_status: "fail", num_events: {}, reason, ...run }]);
      record.outcome.raised = { class: "TypeError" };
    },
  },
  {
    name: "A create that was refused opens no bundle",
    entries: [
      "create without a name is refused, and there is no bundle to drop",
      "create without a name is refused, and the next create is not",
    ],
    edit: ({ journal }, entry) => {
      if (entry.includes("drop")) journal.push(["note", { class: "IllegalMessageSequence" }]);
      else journal.pop();
    },
  },
  {
    name: "A monitor needs no name",
    entries: [1, 2].map((updates) => `a monitor without a name of its own, with ${updates} of its updates`),
    edit: (record, entry) => {
      record.journal = [["signal.subscribe"], ["signal.clear_sub"]];
      const [start, stop] = record.documents as [any, any];
      const key = { source: "kit", dtype: "number", shape: [], object_name: "signal" };
      const descriptor = {
        uid: "uid 100",
        run_start: "uid 1",
        time: "now",
        name: "signal_monitor",
        data_keys: { signal: key },
        object_keys: { signal: ["signal"] },
        object_classes: {},
        configuration: { signal: { data: {}, timestamps: {}, data_keys: {} } },
        hints: { signal: { fields: ["signal"] } },
      };
      const values = entry.includes("1 of") ? [500, 0] : [500, 0, 1];
      const events = values.map((signal, n): [string, any] => {
        const numbers = { uid: `uid ${200 + n}`, seq_num: n + 1, descriptor: "uid 100", time: "now", filled: {} };
        return ["event", { ...numbers, data: { signal }, timestamps: { signal: 100 } }];
      });
      stop[1].num_events.signal_monitor = values.length;
      record.documents = [start, ["descriptor", descriptor], ...events, stop];
    },
  },
  {
    name: "Start documents say who runs the plan, where and in which process",
    edit: (record) => {
      const { user, host, pid } = thisProcess();
      for (const doc of documents(record, "start")) Object.assign(doc, { user, host, pid });
    },
  },
  {
    name: "Descriptors name the classes of their devices",
    edit: (record) => {
      for (const doc of documents(record, "descriptor")) {
        for (const device of Object.keys(doc.object_keys)) doc.object_classes[device] = CLASSES.get(device);
      }
    },
  },
  {
    name: "Data keys say their numpy type",
    edit: (record) => {
      for (const { data_keys } of documents(record, "descriptor")) {
        for (const key of Object.values<any>(data_keys)) if (key.dtype === "number") key.dtype_numpy ??= "<f8";
      }
    },
  },
];
