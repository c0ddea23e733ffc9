const TICK_MS = 10_000;

const began = performance.now();

/** Prints one line when a long step begins and says why, a tick while it runs and one line at its end, with elapsed time. */
export async function progress(what, why, work) {
  const start = performance.now();
  let detail = "";
  say(`${what}: ${why}`);
  const tick = setInterval(() => say(`  ${what}: ${elapsed(start)}${detail && `, ${detail}`}`), TICK_MS);
  try {
    const result = await work((text) => {
      detail = text;
    });
    say(`${what}: done in ${elapsed(start)}`);
    return result;
  } finally {
    clearInterval(tick);
  }
}

export function say(text) {
  process.stderr.write(`[set-up ${elapsed(began)}] ${text}\n`);
}

export function elapsed(since) {
  const seconds = Math.floor((performance.now() - since) / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
