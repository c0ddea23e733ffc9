import fc from "fast-check";
import type { PeerValue } from "../support/peer.ts";
import type { Element } from "./elements.ts";
import type { Place, Protocol, Row, Way } from "./rows.ts";
import { shown } from "./same.ts";

export const SHAPES = ["scalar", "array", "empty", "one element", "longest"] as const;
export type Shape = (typeof SHAPES)[number];
export const OPERATIONS = ["get", "monitor", "put"] as const;
export type Operation = (typeof OPERATIONS)[number];

/** The three cells of a type, a protocol and a shape, with how many values each was checked with. */
export interface Cells {
  readonly type: string;
  readonly protocol: Protocol;
  readonly shape: Shape;
  readonly checked: Record<Operation, number>;
  /** Why they are empty. */
  readonly reason?: string;
  readonly way?: Way;
  readonly place?: Place;
}

/** Which of its cells are filled. */
export function operationsOf({ way, reason }: Cells): readonly Operation[] {
  if (reason !== undefined) return [];
  return way?.unwritten === undefined ? OPERATIONS : OPERATIONS.filter((operation) => operation !== "put");
}

/** A value as a signal has it, and as the other client does. */
export interface Sample {
  readonly value: unknown;
  readonly theirs: PeerValue;
}

export function cellsOf(row: Row): Cells[] {
  return (["ca", "pva"] as const).flatMap((protocol) =>
    SHAPES.map((shape) => {
      const way = row[protocol];
      const cells = { type: row.type, protocol, shape, checked: { get: 0, monitor: 0, put: 0 } };
      if (typeof way === "string") return { ...cells, reason: way };
      const place = shape === "scalar" ? way.scalar : way.array;
      if (typeof place === "string") return { ...cells, reason: place };
      return shape === "empty" && way.empty !== undefined ? { ...cells, reason: way.empty } : { ...cells, way, place };
    }),
  );
}

/** Says in a failure's message what it is, and not all of a long array. */
function sample(value: unknown, theirs: PeerValue): Sample {
  return Object.assign({ value, theirs }, { [fc.toStringMethod]: () => shown(value) });
}

/** The edge values of a shape, which are all tried, and a generator of others. */
export function samplesOf(way: Way, place: Place, shape: Shape): { edges: Sample[]; any: fc.Arbitrary<Sample> } {
  const element: Element = shape === "scalar" ? way.element : (way.arrayElement ?? way.element);
  const single = (value: unknown): Sample => sample(value, element.scalar(value));
  const many = (items: readonly unknown[]): Sample => {
    const value = element.list(items);
    return sample(value, element.array(value));
  };
  const longest = place.longest ?? 0;
  const filled = (items: readonly unknown[]) =>
    many(Array.from({ length: longest }, (_, index) => items[index % items.length]));
  switch (shape) {
    case "scalar":
      return { edges: element.edges.map(single), any: element.any.map(single) };
    case "array":
      return {
        edges: [many(element.edges), many([...element.edges].reverse())],
        any: fc.array(element.any, { minLength: 2, maxLength: 40 }).map(many),
      };
    case "empty":
      return { edges: [many([])], any: fc.constant(many([])) };
    case "one element":
      return { edges: element.edges.map((edge) => many([edge])), any: element.any.map((item) => many([item])) };
    case "longest":
      return {
        edges: [filled(element.edges)],
        any: fc.array(element.any, { minLength: 1, maxLength: 20 }).map(filled),
      };
  }
}
