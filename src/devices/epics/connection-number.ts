const CONNECTED = 1;
const NUMBER_SHIFT = 3;

/** Which connection a channel has by what the addon tells of its link, counted from 1; 0 while it has none. */
export function connectionNumber(link: number): number {
  return (link & CONNECTED) === 0 ? 0 : link >> NUMBER_SHIFT;
}
