import type { SignalR } from "../../signal.ts";

/** The end of a chain of ports: a driver. */
export interface PortSource {
  readonly name: string;
  readonly portName: SignalR<string>;
}

/** A plugin: it takes its arrays from one port and gives them on at its own. */
export interface PortUser extends PortSource {
  readonly arrayPort: SignalR<string>;
}

/**
 * Follows the ports from a plugin to its driver, through the plugins in between that are named; rejects where the chain leads
 * elsewhere, because the plugin would then wait for ever, or write another camera's frames.
 */
export async function checkPorts(cam: PortSource, plugin: PortUser, through: readonly PortUser[] = []): Promise<void> {
  const fresh = { cached: false };
  const [root, ...ports] = await Promise.all([cam, ...through].map(({ portName }) => portName.get(fresh)));
  const known = new Map(through.map((one, i) => [ports[i], one]));
  const passed = new Set<PortUser>();
  let at = plugin;
  while (true) {
    passed.add(at);
    const port = await at.arrayPort.get(fresh);
    if (port === root) return;
    const next = known.get(port);
    if (next === undefined || passed.has(next)) {
      const names = [`${cam.name} has ${root}`, ...through.map((one, i) => `${one.name} has ${ports[i]}`)];
      const why = next === undefined ? "that port is none of its own" : "the ports go in a circle";
      throw new Error(
        `${plugin.name} would not get the frames of ${cam.name}: ${at.name} takes its arrays from ${JSON.stringify(port)}, and ` +
          `${why} (${names.join(", ")}); set its NDArrayPort`,
      );
    }
    at = next;
  }
}
