import type { BusSubscription, DocumentBus, DocumentCallback } from "../documents/bus.ts";
import type { DocumentName } from "../documents/document.ts";

type Callbacks = DocumentCallback | readonly DocumentCallback[];

export interface RunOptions {
  /** Goes before all other metadata, in every run of the call. */
  md?: Record<string, unknown>;
  /** Subscribed for this call only. */
  subs?: Callbacks | Partial<Record<DocumentName | "all", Callbacks>>;
  /** Aborting it aborts the call, with its reason. */
  signal?: AbortSignal;
}

/** Subscribes what was given to a call; all of it, or nothing when a part of it won't do. */
export function subscribeAll(bus: DocumentBus, subs: RunOptions["subs"]): BusSubscription[] {
  if (subs === undefined || subs === null) return [];
  const isByName = typeof subs === "object" && !Array.isArray(subs);
  const byName = (isByName ? subs : { all: subs }) as Partial<Record<DocumentName | "all", Callbacks>>;
  const subscriptions: BusSubscription[] = [];
  try {
    for (const [name, callbacks] of Object.entries(byName)) {
      for (const callback of [callbacks].flat() as DocumentCallback[]) {
        subscriptions.push(bus.subscribe(callback, name as DocumentName | "all"));
      }
    }
  } catch (error) {
    for (const subscription of subscriptions) subscription.unsubscribe();
    throw error;
  }
  return subscriptions;
}
