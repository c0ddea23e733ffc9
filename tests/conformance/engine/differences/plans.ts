import { type Difference, messages } from "./difference.ts";

const OWN_STEP = [2, 3].map((num) => `innerProductScan of ${num} points with a step of its own`);

/** Plans, stubs and preprocessors. */
export const PLANS: readonly Difference[] = [
  {
    name: "fly says its name itself",
    entries: [
      "fly kicks off, completes and collects",
      "fly whose flyer fails to complete",
      "fly whose flyer fails to start",
      "fly",
      "fly, through a pause",
    ],
    edit: (record) => {
      messages(record, "open_run")[0][3].plan_name = "fly";
    },
  },
  {
    name: "lazilyStageWrapper waits for what it has staged, and unstages all of it",
    entries: ["lazilyStageWrapper", "lazilyStageDecorator"].flatMap((name) => [name, `${name}, through a pause`]),
    edit: (record) => {
      const all = record.messages as any[];
      all
        .filter(([command]) => command === "stage")
        .forEach((message, n) => {
          message[3].group = `staged ${n}`;
        });
      const last = all.pop();
      all.push(["unstage", "m1", [], { ...last[3] }, null], last);
      const repeated = all.findLastIndex(([command]) => command === "read");
      if (repeated > all.findIndex(([command]) => command === "read")) all.splice(repeated, 1);
    },
  },
  {
    name: "tweak shows numbers as they are",
    entries: ["tweak with the same step twice and another one", "tweak through a pause before it moves"],
    edit: (record) => {
      for (const [, , , kwargs] of messages(record, "input")) kwargs.prompt = kwargs.prompt.replace(/\.0(?=[,)])/g, "");
    },
  },
  {
    name: "count does not rest after its last shot",
    entries: ["count with a delay", "count with a delay, through a pause"],
    edit: ({ messages: all }) => {
      all.splice(
        (all as any[]).findLastIndex(([command]) => command === "sleep"),
        1,
      );
    },
  },
  {
    name: "Every plan answers with the uid of its run",
    entries: ["x2xScan", "innerProductScan", "relativeInnerProductScan"]
      .flatMap((name) => [name, `${name}, through a pause`])
      .concat(OWN_STEP),
    edit: ({ outcome }) => {
      outcome.planResult = "uid 1";
    },
  },
  {
    name: "innerProductScan takes its step from the user",
    entries: OWN_STEP,
    edit: (record) => {
      const { messages: all, journal, documents: docs } = record;
      const own = JSON.stringify([all.slice(3, -2), journal, docs.slice(1)]).replaceAll('"det"', '"det2"');
      const [middle, calls, rest] = JSON.parse(own.replaceAll("det.trigger", "det2.trigger"));
      all.splice(3, middle.length, ...middle);
      record.journal = calls;
      docs.splice(1, rest.length, ...rest);
    },
  },
];
