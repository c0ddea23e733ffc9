import type { RunRecord } from "../entry.ts";
import { type Difference, documents, messages, setReason } from "./difference.ts";

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

/** Pauses and suspensions. */
export const INTERRUPTIONS: readonly Difference[] = [
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
      "a second suspension within the first that is over before it",
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
    entries: [
      "a monitor through a suspension makes one event of each update",
      "a monitor through a suspension with updates in it",
    ],
    edit: (record) => {
      let last: unknown;
      record.documents = record.documents.filter(([name, doc]) => {
        if (name === "event" && doc.data.signal === last) return false;
        if (name === "event") last = doc.data.signal;
        return true;
      });
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
    name: "A message that an interruption cut off is answered with what its repetition answers",
    entries: [
      "a reading of m1 that a pause interrupts answers the plan all the same",
      "a reading of det that a pause interrupts answers the plan all the same",
    ],
    edit: ({ journal }) => {
      (journal as any)[1][1] = (journal as any)[0][1];
    },
  },
  {
    name: "What belongs to a run that is closed is not repeated",
    entries: [
      "count with a shot of its own, through a pause",
      "a pause after a run was closed",
      "a scan that is paused at message 24 and resumed",
    ],
    edit: (record, entry) => {
      const last = (record.messages as any[]).findLastIndex(([command]) => command === "create");
      const read = entry.startsWith("a scan") ? ["det", "stager", "m1"] : ["det"];
      record.messages.splice(last, 1, ...read.map((device) => ["read", device, [], {}, null]));
      if (entry.startsWith("a pause")) record.messages.push(["null", null, [], {}, null]);
      Object.assign(record.outcome, { exitStatus: "success", raised: null, planResult: "uid 1" });
    },
  },
  {
    name: "stage and unstage are checkpoints, also of what can't be staged",
    entries: [
      "stageWrapper, through a pause",
      "finalizeWrapper that pauses for debugging",
      "finalizeWrapper that pauses for debugging, through a pause",
      "a scan that is paused at message 25 and resumed",
    ],
    edit: (record, entry) => {
      const all = record.messages as any[];
      if (entry.startsWith("a scan")) {
        const [, , , group] = all[25];
        all.splice(26, 5, ["unstage", "stager", [], group, null], ["unstage", "det", [], group, null]);
        record.journal.splice(-3, 2);
        Object.assign(record.outcome, { exitStatus: "success", raised: null, planResult: "uid 1" });
        return;
      }
      if (all.some(([, obj]) => obj === "stager")) {
        all.splice(all.findIndex(([command]) => command === "open_run") + 1, 1);
        return;
      }
      record.messages = all.filter(
        ([command], at) => command !== "trigger" || at === all.findIndex(([c]) => c === command),
      );
      record.journal.splice(1);
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
];
