/** What a pseudo-positioner shows of its axes; recognised by these members and not by its class. */
export interface PseudoParent {
  readonly name: string;
  readonly pseudoPositioners: readonly unknown[];
  readonly realPositioners: readonly unknown[];
}

export function isPseudoParent(value: unknown): value is PseudoParent {
  const candidate = value as Partial<PseudoParent> | null | undefined;
  return Array.isArray(candidate?.pseudoPositioners) && Array.isArray(candidate?.realPositioners);
}

function pseudoParentOf(axis: unknown): PseudoParent | undefined {
  const parent = (axis as { parent?: unknown } | null | undefined)?.parent;
  return isPseudoParent(parent) ? parent : undefined;
}

/** The key of the axis in a joint move: the one that it tells, else the name under which it hangs in its parent. */
function axisKey(parent: PseudoParent, axis: unknown): string {
  const { attrName } = axis as { attrName?: unknown };
  if (typeof attrName === "string") return attrName;
  for (const [key, child] of Object.entries(parent)) if (child === axis) return key;
  return (axis as { name: string }).name;
}

/**
 * Joins the moves of two or more pseudo axes of one positioner into one move of the positioner, so that its real axes
 * start once and for the same target. Everything else keeps its own move and its place.
 */
export function mergeAxes<V>(moves: ReadonlyMap<unknown, V>): Map<unknown, V | Record<string, V>> {
  const families = new Map<PseudoParent, unknown[]>();
  for (const axis of moves.keys()) {
    const parent = pseudoParentOf(axis);
    if (parent === undefined) continue;
    const family = families.get(parent);
    if (family === undefined) families.set(parent, [axis]);
    else family.push(axis);
  }
  const merged = new Map<unknown, V | Record<string, V>>(moves);
  for (const [parent, family] of families) {
    const pseudo = family.filter((axis) => parent.pseudoPositioners.includes(axis));
    if (pseudo.length > 0 && moves.has(parent)) {
      throw new TypeError(`${parent.name} and its own axes can't be moved at once; give either it or its axes`);
    }
    if (pseudo.length > 0 && family.some((axis) => parent.realPositioners.includes(axis))) {
      throw new TypeError(`pseudo and real axes of ${parent.name} can't be moved at once; give one kind`);
    }
    if (pseudo.length < 2) continue;
    const target: Record<string, V> = {};
    for (const axis of pseudo) target[axisKey(parent, axis)] = moves.get(axis) as V;
    for (const axis of pseudo) merged.delete(axis);
    merged.set(parent, target);
  }
  return merged;
}

/**
 * The axes that a `set` moves, each with its target: those of a joint move by the axes themselves, else by what the keys of
 * the target or its places say. A target without numbers moves no axis.
 */
export function axesMoved(obj: { readonly name: string }, target: unknown): (readonly [NamedAxis, number])[] {
  if (typeof target === "number") return [[obj, target]];
  if (typeof target !== "object" || target === null) return [];
  const axes = isPseudoParent(obj) ? obj.pseudoPositioners : [];
  return Object.entries(target).flatMap(([key, value]): (readonly [NamedAxis, number])[] => {
    if (typeof value !== "number") return [];
    const axis = axes.find((candidate) => axisKey(obj as PseudoParent, candidate) === key) as NamedAxis | undefined;
    return [[axis ?? { name: `${obj.name}-${key}` }, value]];
  });
}

export interface NamedAxis {
  readonly name: string;
}
