import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { python } from "./python.ts";

/** A value as it travels to and from the other client: numbers by their little-endian bytes, so that no bit is lost. */
export type PeerValue =
  | { readonly dtype: string; readonly array: boolean; readonly bytes: string }
  | { readonly text: string }
  | { readonly texts: readonly string[] }
  | { readonly flag: boolean }
  | { readonly flags: readonly boolean[] }
  | { readonly columns: Readonly<Record<string, PeerValue>> }
  | { readonly frame: { readonly pixels: PeerValue; readonly shape: readonly number[] } };

/** Clients that are not ours: caproto over Channel Access, p4p over pvAccess, in one process. */
export interface Peer extends AsyncDisposable {
  get(protocol: "ca" | "pva", name: string): Promise<PeerValue>;
  put(protocol: "ca" | "pva", name: string, value: PeerValue): Promise<void>;
}

/** Starts them with these environment variables to find their server by; they end with this process. */
export async function startPeer(environment: Readonly<Record<string, string>>): Promise<Peer> {
  const script = fileURLToPath(new URL("peer.py", import.meta.url));
  const child = spawn(await python(), [script], {
    env: { ...process.env, ...environment },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<string> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error("the Python clients ended");
    return value;
  };
  await next();
  let turn: Promise<unknown> = Promise.resolve();
  const ask = (request: object): Promise<PeerValue> => {
    const answer = turn.then(async () => {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      const { value, error } = JSON.parse(await next());
      if (error !== undefined) throw new Error(error);
      return value;
    });
    turn = answer.catch(() => {});
    return answer;
  };
  return {
    get: (protocol, name) => ask({ ask: "get", protocol, arguments: [name] }),
    put: async (protocol, name, value) => {
      await ask({ ask: "put", protocol, arguments: [name, value] });
    },
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      await exited;
    },
  };
}
