import { environment } from "./environment.ts";

/** What EPICS has cost this process. Those that only grow are since it started. */
export interface Counters {
  /** Connections to servers that carry channels now, of both protocols. */
  readonly circuits: number;
  /** Channels that are held or kept now, and those of them that are connected. */
  readonly channels: number;
  readonly connectedChannels: number;
  /** Operations and subscriptions that are under way. */
  readonly pendingOperations: number;
  /** Reads, writes, calls, connects and subscriptions that were asked for, each PV of a bulk operation counted. */
  readonly requests: number;
  /** Updates of subscriptions that were queued for JavaScript. */
  readonly updates: number;
  /** Updates that were dropped by our own full queues, or that a server said it merged. */
  readonly overruns: number;
  /** How often a channel connected, and how often one was lost. */
  readonly connections: number;
  readonly disconnections: number;
  /** How often a channel that was not found or lost was searched anew. */
  readonly retries: number;
  readonly panics: number;
  /** How often this thread was woken to take answers and updates. */
  readonly wakeUps: number;
}

/** The counters of the process as they are now. */
export function counters(): Counters {
  const { addon, id } = environment();
  return addon.counters(id);
}

const HELP: { readonly [K in keyof Counters]: readonly [type: "gauge" | "counter", name: string, help: string] } = {
  circuits: ["gauge", "circuits", "Connections to servers that carry channels"],
  channels: ["gauge", "channels", "Channels that are held or kept"],
  connectedChannels: ["gauge", "connected_channels", "Channels that are connected"],
  pendingOperations: ["gauge", "pending_operations", "Operations and subscriptions under way"],
  requests: ["counter", "requests_total", "Reads, writes, calls, connects and subscriptions asked for"],
  updates: ["counter", "updates_total", "Updates queued for JavaScript"],
  overruns: ["counter", "overruns_total", "Updates dropped by full queues or merged by servers"],
  connections: ["counter", "connections_total", "Channels that connected"],
  disconnections: ["counter", "disconnections_total", "Channels that were lost"],
  retries: ["counter", "retries_total", "Channels searched anew"],
  panics: ["counter", "panics_total", "Panics caught in the addon"],
  wakeUps: ["counter", "wake_ups_total", "Times that the thread was woken"],
};

/** The counters in Prometheus's text format, each under the name `cerulean_epics_` and its own. */
export function prometheusText(values: Counters = counters()): string {
  const lines = Object.entries(HELP).map(([key, [type, name, help]]) => {
    const metric = `cerulean_epics_${name}`;
    return `# HELP ${metric} ${help}.\n# TYPE ${metric} ${type}\n${metric} ${values[key as keyof Counters]}\n`;
  });
  return lines.join("");
}
