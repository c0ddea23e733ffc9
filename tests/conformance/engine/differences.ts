import type { RunRecord } from "./entry.ts";
import { Kit } from "./kit.ts";
import { withNumbersForUids } from "./normalise.ts";

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
  const described = new Map(documents(record, "descriptor").map((doc) => [doc.uid, doc]));
  const stops = new Map(documents(record, "stop").map((doc) => [doc.run_start, doc]));
  const counts = new Map<string, number>();
  for (const event of documents(record, "event")) {
    const { name, run_start } = described.get(event.descriptor);
    if (!isMeant(name)) continue;
    event.seq_num = (counts.get(run_start + name) ?? 0) + 1;
    counts.set(run_start + name, event.seq_num);
    stops.get(run_start).num_events[name] = event.seq_num;
  }
}

const NO_PAUSE = "the plan can't pause here, because it has cleared its checkpoint: it is aborted";

const NO_SUSPENSION = NO_PAUSE.replace("pause", "suspend");

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
    name: "A run that a device fails at a pause counts as failed, not as interrupted",
    entries: ["a device that can't be paused fails the run"],
    edit: ({ outcome }) => {
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
    name: "A suspension that fails is the reason of its abort",
    entries: ["a suspension after clear_checkpoint aborts"],
    edit: (record) => setReason(record, "", NO_SUSPENSION),
  },
  {
    name: "What holds the plan holds it also after a pause and after another suspension",
    entries: [
      "a pause in a suspension waits on when it is resumed",
      "a second suspension within the first holds the plan until both are over",
    ],
    edit: ({ messages: all }) => {
      const last = (all as any[]).findLastIndex(([command]) => command === "_resume_from_suspender");
      all.splice(last, 0, ["wait_for", null, [["function"]], {}, null]);
    },
  },
  {
    name: "What an interruption cut short is done again, also where nothing else is repeated",
    entries: ["a device that refuses a replay makes a checkpoint of a suspension"],
    edit: ({ messages: all }) => {
      const last = (all as any[]).findLastIndex(([command]) => command === "rewindable");
      all.splice(
        last + 1,
        0,
        (all as any[]).find(([command]) => command === "sleep"),
      );
    },
  },
  {
    name: "The end of a suspension is recorded too",
    edit: (record) => {
      if (messages(record, "_resume_from_suspender").length === 0) return;
      record.documents = record.documents.flatMap(([name, doc]) => {
        const begun = name === "event" && doc.data.interruption?.startsWith?.("Signal signal");
        const isOther = name === "event" && doc.data.interruption === "beam is bad";
        if (!begun && !isOther) return [[name, doc]];
        const data = { interruption: "resume" };
        return [
          [name, doc],
          ["event", { ...doc, data, uid: "uid 1000" }],
        ];
      });
    },
  },
  {
    name: "A monitor goes on through a suspension, and is not begun a second time",
    entries: ["a monitor through a suspension makes one event of each update"],
    edit: (record) => {
      const events = record.documents.filter(([name]) => name === "event");
      record.documents = record.documents.filter((document) => document !== events[1] && document !== events[3]);
      record.journal.splice(
        record.journal.findIndex(([call]: any) => call === "signal.subscribe"),
        1,
      );
    },
  },
  {
    name: "Events count as often as they were emitted, also when the plan is ended before it was led back",
    entries: ["stop in a suspension", "abort no beam in a suspension", "halt in a suspension"],
    edit: (record) => {
      for (const stop of documents(record, "stop")) stop.num_events.primary = 2;
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
    name: "The internal messages of a suspension say what they are about by keyword",
    edit: (record) => {
      const begun: unknown[] = [];
      for (const message of record.messages as any[]) {
        if (message[0] === "_start_suspender") {
          const [pre, post, justification] = message[2];
          message[2] = [];
          message[3] = { justification, ...(pre && { pre_plan: pre }), ...(post && { post_plan: post }) };
          begun.push(justification);
        } else if (message[0] === "_resume_from_suspender") {
          message[3] = { justification: begun.pop() };
        }
      }
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
  return { expected: withNumbersForUids(expected), shown };
}
