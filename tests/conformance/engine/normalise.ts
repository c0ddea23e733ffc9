import type { Entry, RunRecord } from "./entry.ts";

/** Keyword arguments at their default, which a message may leave out. */
const DEFAULTS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  wait: { error_on_timeout: true, watch: [] },
  locate: { squeeze: true },
  collect: { stream: false, return_payload: true },
  pause: { defer: false },
  declare_stream: { collect: false },
  subscribe: { name: "all" },
};

/** Arguments that may be given with their keyword or without. */
const POSITIONAL: Readonly<Record<string, { at: number; name: string }>> = {
  wait: { at: 0, name: "group" },
  subscribe: { at: 1, name: "name" },
  unsubscribe: { at: 0, name: "token" },
};

/** Seconds since 1970 of any run of this corpus; what devices tell is far below. */
const NOW = 1e9;

const UID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\buid \d+/g;

/** A record in which uids, times, versions and the spelling of keywords are the same for both engines. Nothing else is touched. */
export function normalise(record: RunRecord, { digits, printed }: Pick<Entry, "digits" | "printed">): RunRecord {
  const { messages, documents, ...rest } = withNumbersForUids(record);
  if (printed !== undefined) {
    for (const { plan_args } of [...documents.map(([, doc]) => doc), ...messages.map((message: any) => message[3])]) {
      if (plan_args !== undefined) plan_args[printed] = "code";
    }
  }
  if (digits !== undefined)
    return normalise(JSON.parse(JSON.stringify(record, (_, value) => rounded(value, digits))), {});
  return {
    ...rest,
    documents: documents.map(([name, doc]) => [name, document(doc)]),
    messages: withNumbersForGroups(spelled(messages)),
  };
}

function rounded(value: unknown, digits: number): unknown {
  return typeof value === "number" ? Number(value.toPrecision(digits)) : value;
}

/** The first uid that there is becomes `uid 1`, the next `uid 2`; numbers that are given already are given anew. */
export function withNumbersForUids(record: RunRecord): RunRecord {
  const uids = new Map<string, string>();
  // In the documents first: there uids come in the same order, while groups have uids in one engine only.
  const { documents, ...others } = record;
  const named = JSON.stringify({ documents, ...others }).replace(UID, (uid) => {
    if (!uids.has(uid)) uids.set(uid, `uid ${uids.size + 1}`);
    return uids.get(uid) as string;
  });
  return JSON.parse(named);
}

function document({ versions: _, ...doc }: any): any {
  return withoutTimes(doc, false);
}

function withoutTimes(value: any, isTime: boolean): any {
  if (typeof value === "number") return isTime && value > NOW ? "now" : value;
  if (Array.isArray(value)) return value.map((each) => withoutTimes(each, isTime));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      key,
      withoutTimes(each, isTime || key === "time" || key === "timestamps"),
    ]),
  );
}

/** Groups are called g1, g2 and so on by their first appearance. */
export function withNumbersForGroups(messages: readonly unknown[]): unknown[] {
  const groups = new Map<unknown, string>();
  return messages.map((message) => {
    const [command, obj, args, kwargs, run] = message as [string, unknown, unknown[], Record<string, unknown>, unknown];
    if (kwargs.group === undefined) return message;
    if (!groups.has(kwargs.group)) groups.set(kwargs.group, `g${groups.size + 1}`);
    return [command, obj, args, { ...kwargs, group: groups.get(kwargs.group) }, run];
  });
}

/** Messages with bluesky's keywords. */
function spelled(messages: readonly unknown[]): unknown[] {
  return messages.map((message) => {
    const [command, obj, args, kwargs, run] = message as [string, unknown, unknown[], Record<string, unknown>, unknown];
    const named = POSITIONAL[command];
    const given: Record<string, unknown> = { ...kwargs };
    if (named !== undefined && args.length > named.at) given[named.name] = args[named.at];
    const keywords: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(given)) {
      const [name, spelt] = keyword(key, value);
      // A token is a number for one engine and an object for the other.
      if (spelt === null || name === "token" || JSON.stringify(DEFAULTS[command]?.[name]) === JSON.stringify(spelt))
        continue;
      keywords[name] = spelt;
    }
    const told = command === "sleep" ? args.map(tenths) : args;
    return [command, obj, named === undefined ? told : told.slice(0, named.at), keywords, run];
  });
}

/** A plan that sleeps for the rest of a period measures how long that is; on a busy machine there is less left of it. */
function tenths(seconds: unknown): unknown {
  return typeof seconds === "number" ? Math.ceil(seconds * 10) / 10 : seconds;
}

function keyword(key: string, value: unknown): readonly [string, unknown] {
  if (key === "timeoutMs") return ["timeout", typeof value === "number" ? value / 1000 : value];
  return [key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), value];
}
