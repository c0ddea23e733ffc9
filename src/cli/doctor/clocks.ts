import { type ChannelReading, getContext } from "../../devices/epics/index.ts";
import { type Finding, note, ok, warning } from "./finding.ts";

/** How far a server's clock may be from ours, in seconds. */
const TOLERATED = 1;
/** EPICS' own beginning, 1990-01-01 UTC, and a day: no clock says that. */
const NEVER_PROCESSED_BEFORE = 631_152_000 + 86_400;

/** Compares the time stamps of updates that have just come with this host's clock; PVs that don't change meanwhile can't tell. */
export async function checkClocks(pvs: readonly string[], watchMs: number): Promise<Finding[]> {
  const skews = await Promise.all(pvs.map((pv) => skewOf(pv, watchMs)));
  return pvs.flatMap((pv, at) => {
    const skew = skews[at];
    if (skew === undefined) return [];
    if (skew === "unchanged")
      return [note(`clock of ${pv}`, `can't be told: it did not change for ${watchMs / 1000} s`)];
    const seconds = Math.abs(skew);
    if (seconds < TOLERATED) return [ok(`clock of ${pv}`, `within ${TOLERATED} s of this host's`)];
    const text = `${seconds.toFixed(1)} s ${skew > 0 ? "ahead of" : "behind"} this host's`;
    return [
      warning(
        `clock of ${pv}`,
        text,
        "let both follow the same time server (NTP): time stamps in documents don't compare now",
      ),
    ];
  });
}

/** In seconds, positive when the server is ahead; undefined when the PV could not be watched. */
function skewOf(pv: string, watchMs: number): Promise<number | "unchanged" | undefined> {
  return new Promise((resolve) => {
    const channel = getContext().channel(pv);
    let first: number | undefined;
    const end = (skew: number | "unchanged" | undefined): void => {
      clearTimeout(timer);
      channel.close();
      resolve(skew);
    };
    const timer = setTimeout(() => end(first === undefined ? undefined : "unchanged"), watchMs);
    channel.subscribe(
      ({ timestamp }: ChannelReading) => {
        const skew = timestamp - Date.now() / 1000;
        if (timestamp < NEVER_PROCESSED_BEFORE) first ??= timestamp;
        else if (skew > TOLERATED) end(skew);
        else if (first !== undefined && timestamp !== first) end(skew);
        else first = timestamp;
      },
      { onError: () => end(undefined) },
    );
  });
}
