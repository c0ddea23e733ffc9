import type { Msg } from "../engine/msg.ts";

/**
 * What our plans are: a `Plan` that generators without a declared type can delegate to as well. For those TypeScript
 * takes what is sent in for `any`, which does not go into a `Plan`'s `never`; into `unknown` it does.
 */
export type Composable<T> = AsyncGenerator<Msg, T, unknown>;
