/** The values of one event from the position `from` of a flat column: a plain one, a column, or arrays of columns. */
export function nested(values: ArrayLike<unknown>, from: number, [axis, ...inner]: readonly number[]): unknown {
  if (axis === undefined) return values[from];
  const size = inner.reduce((product, length) => product * length, 1);
  if (inner.length > 0) return Array.from({ length: axis }, (_, at) => nested(values, from + at * size, inner));
  const slice = (values as unknown as { slice(from: number, to: number): unknown }).slice;
  return slice.call(values, from, from + axis);
}
