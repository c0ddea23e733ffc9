import type { Rehearsal } from "./rehearsal.ts";

/** The lines that tell what a plan would do. */
export function describeRehearsal(plan: string, { estimate, unchecked }: Rehearsal): string[] {
  const limits = unchecked.length === 0 ? [] : [`  limits not known: ${unchecked.join(", ")}`];
  if (estimate === undefined) return [`${plan}: goes on until it is ended`, ...limits];
  const { runs, points, documents, messages, travel, seconds, unknown } = estimate;
  const counts = [count(points, "point"), count(runs, "run"), count(documents, "document"), count(messages, "message")];
  const moves = Object.entries(travel).map(
    ([motor, way]) =>
      `  ${motor}: ${count(way.moves, "move")} between ${short(way.min)} and ${short(way.max)}, ${short(way.distance)} in all`,
  );
  const without = unknown.length === 0 ? "" : `, without ${unknown.join(", ")}, whose speed or exposure is not known`;
  return [`${plan}: ${counts.join(", ")}`, ...moves, `  at least ${duration(seconds)}${without}`, ...limits];
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

function short(value: number): string {
  return String(Number(value.toPrecision(6)));
}

function duration(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes} min ${Math.round(seconds % 60)} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
