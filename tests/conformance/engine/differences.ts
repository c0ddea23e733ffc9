import type { RunRecord } from "./entry.ts";
import { Kit } from "./kit.ts";

/** What we do otherwise than bluesky, on purpose. `docs/differences-from-bluesky.md` says why, under the same name. */
export interface Difference {
  readonly name: string;
  /** The entries that show it, each of them; without, it shows wherever it has something to change, and somewhere it must. */
  readonly entries?: readonly string[];
  /** Makes of what bluesky did what we do. */
  readonly edit: (bluesky: RunRecord, entry: string) => void;
}

const documents = (record: RunRecord, named: string): any[] =>
  record.documents.filter(([name]) => name === named).map(([, doc]) => doc);

const messages = (record: RunRecord, named: string): any[] =>
  (record.messages as any[]).filter(([command]) => command === named);

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
  "collect with a name that was not declared is refused": { AssertionError: "Error" },
  "collect of flat keys that were not declared is refused": { AssertionError: "Error" },
};

function renamed(value: any, classes: Readonly<Record<string, string>>): any {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((each) => renamed(each, classes));
  const copied = Object.fromEntries(Object.entries(value).map(([key, each]) => [key, renamed(each, classes)]));
  return typeof copied.class === "string" ? { ...copied, class: classes[copied.class] ?? copied.class } : copied;
}

/** The reason of the stop documents, of the messages that close runs, and of the outcome of an interrupted one. */
function setReason(record: RunRecord, from: string | RegExp, to: string): void {
  const isFrom = (reason: string) => (typeof from === "string" ? reason === from : from.test(reason));
  for (const doc of documents(record, "stop")) if (isFrom(doc.reason)) doc.reason = to;
  for (const [, , , kwargs] of messages(record, "close_run")) {
    if (typeof kwargs.reason === "string" && isFrom(kwargs.reason)) kwargs.reason = to;
  }
  if (record.outcome.interrupted && isFrom(record.outcome.reason)) record.outcome.reason = to;
}

/** Numbers a stream on, whatever a rewind made of it. */
function renumber(record: RunRecord, isMeant: (stream: string) => boolean): void {
  const streams = new Map(documents(record, "descriptor").map((doc) => [doc.uid, doc.name]));
  const counts = new Map<string, number>();
  for (const event of documents(record, "event")) {
    const stream = streams.get(event.descriptor);
    if (stream === undefined || !isMeant(stream)) continue;
    event.seq_num = (counts.get(stream) ?? 0) + 1;
    counts.set(stream, event.seq_num);
  }
  for (const stop of documents(record, "stop")) {
    for (const [stream, count] of counts) if (stream in stop.num_events) stop.num_events[stream] = count;
  }
}

const NO_PAUSE = "the plan can't pause here, because it has cleared its checkpoint: it is aborted";

const NO_FRAMES = "a stream_datum spans 2 events, but one event may have 1 only; collect it instead";

export const DIFFERENCES: readonly Difference[] = [
  {
    name: "Motors that have arrived are not stopped",
    edit: (record) => {
      const touched = new Set<string>();
      record.journal = record.journal.filter((call: any) => {
        if (call[0].endsWith(".set")) touched.add(call[0].replace(".set", ".stop"));
        return !(touched.has(call[0]) && call[1] === "at rest");
      });
    },
  },
  {
    name: "A motor is told whether it is stopped for good or for ill",
    edit: (record) => {
      if (record.outcome.exitStatus === "success") return;
      const last = record.journal.findLast((call: any) => call[0].endsWith(".stop") && call[1] === "moving") as any;
      if (last !== undefined && record.states.indexOf("paused") < 0) last[2] = false;
    },
  },
  {
    name: "A run that was aborted is marked so, whatever its plan does",
    entries: [
      "abort no beam while a plan with a cleanup sleeps",
      "abort no beam while a plan with a cleanup is paused in its sleep",
      "abort no beam at a message of a plan with a cleanup",
      "abort no beam of a plan that catches it",
      "a plan that catches a failed pause goes on, and is aborted all the same",
    ],
    edit: (record) => {
      for (const doc of documents(record, "stop")) doc.exit_status = "abort";
      record.outcome.exitStatus = "abort";
    },
  },
  {
    name: "The reason of an abort reaches every stop document",
    edit: (record) => {
      const { interrupted, reason } = record.outcome;
      if (!interrupted || reason === "") return;
      for (const doc of documents(record, "stop")) if (doc.reason === "") doc.reason = reason;
      for (const [, , , kwargs] of messages(record, "close_run")) {
        if (kwargs.exit_status === "abort") kwargs.reason ??= reason;
      }
    },
  },
  {
    name: "A pause that fails is the reason of its abort",
    entries: [
      "a pause after clear_checkpoint aborts, for which there is no resume",
      "a pause after clear_checkpoint aborts, for which there is no halt",
      "a plan that catches a failed pause goes on, and is aborted all the same",
    ],
    edit: (record) => setReason(record, "", NO_PAUSE),
  },
  {
    name: "A cleanup that fails doesn't hide that the run was aborted",
    entries: ["a cleanup that fails gives the run its error"],
    edit: ({ outcome }) => {
      outcome.exitStatus = "abort";
      Object.assign(outcome.raised as object, { cause: { class: "RequestAbort" } });
    },
  },
  {
    name: "A halted plan does nothing more",
    entries: [
      "halt while a plan with a cleanup sleeps",
      "halt while a plan with a cleanup is paused in its sleep",
      "halt at a message of a plan with a cleanup",
    ],
    edit: (record) => {
      record.messages.splice(-3);
      record.journal = record.journal.filter((call: any) => call[0] !== "m1.set");
      for (const doc of documents(record, "stop")) doc.exit_status = "abort";
    },
  },
  {
    name: "A device that can't be paused aborts the run on its way",
    entries: ["a device that can't be paused fails the run"],
    edit: ({ states, outcome }) => {
      states.splice(-1, 0, "aborting");
      outcome.interrupted = false;
    },
  },
  {
    name: "A failed status is told in words",
    edit: (record) => {
      const reason = /^<kit.Status object/;
      const failed = (record.outcome.raised as any)?.cause?.message as string | undefined;
      if (failed === undefined) return;
      const [device, method] = (failed.split(" ")[0] as string).split(".");
      setReason(record, reason, `${method} of ${device} failed: ${failed}`);
    },
  },
  {
    name: "Failures that fall together come as one, which names the first",
    entries: ["two failures of one group that is waited for"],
    edit: (record) => {
      (record.journal.at(-1) as any)[2].cause.message = "m1.set failed";
    },
  },
  {
    name: "A failure ends the plan's sleeps and waits, and stops what moves",
    entries: ["a move that nobody waits for and that fails while another is waited for"],
    edit: (record) => {
      record.journal.push(["m2.stop", "moving", false]);
    },
  },
  {
    name: "Numbers of monitors and interruptions are never led back",
    edit: (record) => {
      const monitored = messages(record, "monitor").map(([, , , kwargs]) => kwargs.name);
      renumber(record, (stream) => stream === "interruptions" || monitored.includes(stream));
    },
  },
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
    name: "fly says its name itself",
    entries: [
      "fly kicks off, completes and collects",
      "fly whose flyer fails to complete",
      "fly whose flyer fails to start",
    ],
    edit: (record) => {
      messages(record, "open_run")[0][3].plan_name = "fly";
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

/** bluesky's record with the listed differences in it, and which of them there were. */
export function withDifferences(entry: string, record: RunRecord): { expected: RunRecord; shown: string[] } {
  const expected = structuredClone(record);
  const shown: string[] = [];
  for (const { name, entries, edit } of DIFFERENCES) {
    if (entries !== undefined && !entries.includes(entry)) continue;
    const before = JSON.stringify(expected);
    edit(expected, entry);
    if (JSON.stringify(expected) !== before) shown.push(name);
  }
  return { expected, shown };
}
