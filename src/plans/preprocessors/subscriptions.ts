import type { Document, DocumentName } from "../../documents/document.ts";
import type { PlanLike } from "../../engine/msg.ts";
import type { Composable } from "../composable.ts";
import { installSuspender, removeSuspender, subscribe, unsubscribe } from "../stubs/observe.ts";
import type { Many } from "../stubs/types.ts";
import { bracket } from "./bracket.ts";

type Callback = (document: Document) => void;

/** One callback or several for all documents, or by the documents' name. */
export type Subs =
  | Callback
  | readonly Callback[]
  | { readonly [N in DocumentName | "all"]?: Callback | readonly Callback[] };

/** Subscribes the callbacks to the documents that the plan causes. */
export function subsWrapper<T>(plan: PlanLike<T>, subs: Subs): Composable<T> {
  const tokens: unknown[] = [];
  return bracket(plan, {
    before: function* (): Many {
      for (const [name, callback] of listed(subs)) tokens.push(yield* subscribe(name, callback));
    },
    after: function* (): Many {
      for (const token of tokens) yield unsubscribe(token);
    },
  });
}

function listed(subs: Subs): [DocumentName | "all", Callback][] {
  const byName = typeof subs === "function" || Array.isArray(subs) ? { all: subs } : subs;
  return Object.entries(byName).flatMap(([name, callbacks]) =>
    (Array.isArray(callbacks) ? callbacks : [callbacks]).map((callback): [DocumentName | "all", Callback] => [
      name as DocumentName | "all",
      callback,
    ]),
  );
}

/** Has the suspender, or each of several, watch over the plan. */
export function suspendWrapper<T>(plan: PlanLike<T>, suspenders: object | Iterable<object>): Composable<T> {
  const all: object[] = Symbol.iterator in suspenders ? [...suspenders] : [suspenders];
  return bracket(plan, {
    before: function* (): Many {
      for (const suspender of all) yield installSuspender(suspender);
    },
    after: function* (): Many {
      for (const suspender of all) yield removeSuspender(suspender);
    },
  });
}
