/** Evenly spaced numbers, both ends included, with numpy's rounding; the last is exactly `stop`. */
export function linspace(start: number, stop: number, num: number): number[] {
  const step = num > 1 ? (stop - start) / (num - 1) : 0;
  const values = Array.from({ length: num }, (_, i) => i * step + start);
  if (num > 1) values[num - 1] = stop;
  return values;
}

/** Powers of ten with evenly spaced exponents, both ends included. */
export function logspace(start: number, stop: number, num: number): number[] {
  return linspace(start, stop, num).map((exponent) => 10 ** exponent);
}
