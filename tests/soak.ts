/** Whether this is `npm run soak`: the same tests with larger numbers, for hours instead of minutes. */
export const soaking = process.env.CERULEAN_SOAK === "1";

/** How often a test does something: `short` in `npm test`, `long` in `npm run soak`. */
export function times(short: number, long: number): number {
  return soaking ? long : short;
}
