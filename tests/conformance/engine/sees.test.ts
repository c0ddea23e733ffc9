import { afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Command } from "../../../src/engine/commands/command.ts";
import { COMMANDS } from "../../../src/engine/commands/table.ts";
import type { Session } from "../../../src/engine/session.ts";
import { Bench } from "./bench.ts";
import { CORPUS } from "./corpus/index.ts";
import type { Entry, RunRecord } from "./entry.ts";
import { normalise } from "./normalise.ts";

/** A broken engine may go on for ever; no entry takes this long. */
const PATIENCE_MS = 3000;

type Kind = "result" | "document" | "replay" | "error";

/** What nobody can see from outside, and why. */
const UNSEEN: Readonly<Record<string, string>> = {
  "_start_suspender result": "the plan that sends it drops the answer",
  "_resume_from_suspender result": "the plan that sends it drops the answer",
  "_resume_from_suspender replay": "it is sent where nothing is kept",
  "clear_checkpoint replay": "there is nothing left to keep it in",
};

/** The commands that emit documents, and those that can refuse a message or hand on a device's error. */
const EMITS = [
  ...["open_run", "close_run", "save", "declare_stream", "configure", "monitor", "collect"],
  ...["_start_suspender", "_resume_from_suspender"],
];
const REFUSES = [
  ...["open_run", "close_run", "create", "save", "drop", "declare_stream", "read", "locate", "monitor", "unmonitor"],
  ...["set", "trigger", "prepare", "kickoff", "complete", "collect", "configure", "stage", "unstage", "stop"],
  ...["wait", "wait_for", "checkpoint", "subscribe", "unsubscribe"],
];

const table = COMMANDS as Record<string, Command>;
const whole = { ...table };
const sound = new Map<Entry, string>();
const users = new Map<string, Entry[]>();

beforeAll(async () => {
  for (const entry of CORPUS) {
    const record = normalise(await new Bench(entry).run(), entry);
    sound.set(entry, seen(entry, record));
    for (const command of new Set(record.messages.map(([command]: any) => command))) {
      users.set(command, [...(users.get(command) ?? []), entry]);
    }
  }
});

afterEach(() => {
  Object.assign(table, whole);
});

describe("the corpus sees", () => {
  it("nothing wrong with the whole engine, twice in a row", async () => {
    const red: string[] = [];
    for (const entry of CORPUS) if (await differs(entry)) red.push(entry.name);
    expect(red).toEqual([]);
  });

  for (const command of Object.keys(whole)) {
    for (const kind of kindsOf(command)) {
      it(`a broken ${kind} of ${command}`, async () => {
        table[command] = broken(whole[command] as Command, kind);
        for (const entry of users.get(command) ?? []) if (await differs(entry)) return;
        expect.fail(`no entry turned red`);
      });
    }
  }
});

function kindsOf(command: string): Kind[] {
  const kinds: Kind[] = ["result", "replay"];
  if (EMITS.includes(command)) kinds.push("document");
  if (REFUSES.includes(command)) kinds.push("error");
  return kinds.filter((kind) => UNSEEN[`${command} ${kind}`] === undefined);
}

function broken(command: Command, kind: Kind): Command {
  switch (kind) {
    case "replay":
      return {
        ...command,
        replay: command.replay === "cache" ? "never" : command.replay === "never" ? "cache" : "never",
      };
    case "result":
      return after(command, (result) => (result === undefined ? "broken" : undefined));
    case "error":
      return after(
        command,
        (result) => result,
        () => undefined,
      );
    case "document":
      return mute(command);
  }
}

/** The command with another result, or with something in the place of its error. */
function after(command: Command, result: (result: any) => unknown, error = raise): Command {
  return {
    ...command,
    handle(msg, session) {
      try {
        const answer: any = command.handle(msg, session);
        return typeof answer?.then === "function" ? answer.then(result, error) : result(answer);
      } catch (raised) {
        return error(raised);
      }
    },
  };
}

function raise(error: unknown): unknown {
  throw error;
}

/** The command with all that it emits lost. */
function mute(command: Command): Command {
  return {
    ...command,
    handle(msg, session) {
      const loud = session as { emit: Session["emit"] };
      loud.emit = () => {};
      const restore = <T>(answer: T): T => {
        Reflect.deleteProperty(loud, "emit");
        return answer;
      };
      try {
        const answer: any = command.handle(msg, session);
        return typeof answer?.then === "function"
          ? answer.then(restore, (error: unknown) => raise(restore(error)))
          : restore(answer);
      } catch (error) {
        throw restore(error);
      }
    },
  };
}

async function differs(entry: Entry): Promise<boolean> {
  const bench = new Bench(entry);
  const run = bench.run().then((record) => seen(entry, normalise(record, entry)) !== sound.get(entry));
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => {
      bench.engine.halt().catch(() => {});
      resolve(true);
    }, PATIENCE_MS);
  });
  return Promise.race([run, late]).finally(() => clearTimeout(timer));
}

function seen({ waiting }: Entry, record: RunRecord): string {
  const { waiting: hooked, ...rest } = record;
  return JSON.stringify(waiting === true ? record : rest);
}
