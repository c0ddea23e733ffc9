import { type Difference, documents, messages, setReason } from "./difference.ts";

const NO_PAUSE = "the plan can't pause here, because it has cleared its checkpoint: it is aborted";

/** How runs end, and what stops then. */
export const ENDINGS: readonly Difference[] = [
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
      for (const doc of documents(record, "stop"))
        if (doc.reason === "" && doc.exit_status !== "success") doc.reason = reason;
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
      const reason = /^<kit\.devices\.Status object/;
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
    entries: [
      "a move that nobody waits for and that fails while another is waited for",
      "a move that nobody waits for and that fails in a sleep while another moves",
    ],
    edit: (record) => {
      record.journal.push(["m2.stop", "moving", false]);
    },
  },
];
