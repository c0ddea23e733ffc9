/** A plan that nobody has driven yet. */
export interface Unused {
  /** What it calls itself in the start document. */
  readonly planName: string | undefined;
  /** Where it stands among those that were not driven yet. */
  place: number;
}

/** Enough to tell of a mistake; a program that makes plans to throw them away keeps no more of them than this. */
const AT_MOST = 100;

const unused: Unused[] = [];
let isWatching = false;

/** Remembers a plan until it is driven. Those that never were are told of once, when the process has nothing more to do. */
export function noteMade(plan: Unused): void {
  if (unused.length >= AT_MOST) return;
  plan.place = unused.length;
  unused.push(plan);
  if (isWatching) return;
  isWatching = true;
  process.once("beforeExit", tell);
}

/** Takes a plan out, at the cost of a few assignments: every plan that is used comes through here. */
export function noteDriven(plan: Unused): void {
  if (unused[plan.place] !== plan) return;
  const last = unused.pop() as Unused;
  if (last === plan) return;
  unused[plan.place] = last;
  last.place = plan.place;
}

/** The plan is now the matter of one that runs it, under this name. */
export function handedOn(plan: object): string {
  noteDriven(plan as Unused);
  return (plan as Unused).planName ?? "a plan in a wrapper";
}

function tell(): void {
  isWatching = false;
  const counts = new Map<string, number>();
  for (const { planName = "a plan of stubs" } of unused) counts.set(planName, (counts.get(planName) ?? 0) + 1);
  unused.length = 0;
  if (counts.size === 0) return;
  const list = [...counts].map(([name, times]) => (times === 1 ? name : `${name} (${times} times)`)).join(", ");
  process.emitWarning(
    `called and never iterated: ${list}. A plan does nothing by itself: write yield* before the call, or hand it to run()`,
    "CeruleanWarning",
  );
}
