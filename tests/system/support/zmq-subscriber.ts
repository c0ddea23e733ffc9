import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Document } from "cerulean/documents";
import { python } from "./python.ts";

interface Told {
  readonly publish_to?: string;
  readonly document?: string;
  readonly doc?: Document["doc"];
  readonly row?: readonly string[];
  readonly run?: string;
  readonly peaks?: Record<string, Record<string, unknown>>;
}

/** bluesky's Proxy and RemoteDispatcher in a process of their own. */
export class ZmqSubscriber implements AsyncDisposable {
  /** Where the proxy takes documents. */
  readonly address: string;
  readonly #told: Told[];
  readonly #waiting = new Set<() => void>();
  readonly #end: () => Promise<void>;

  private constructor(address: string, told: Told[], end: () => Promise<void>) {
    this.address = address;
    this.#told = told;
    this.#end = end;
  }

  static async start(
    options: { format?: string; prefix?: string; port?: number; shown?: boolean } = {},
  ): Promise<ZmqSubscriber> {
    const script = fileURLToPath(new URL("zmq-subscriber.py", import.meta.url));
    const { format = "msgpack", prefix = "", port = 0, shown = false } = options;
    const args = [script, format, prefix, String(port), shown ? "shown" : "plain"];
    const child = spawn(await python(), args, { stdio: ["pipe", "pipe", "inherit"] });
    const exited = once(child, "exit");
    const told: Told[] = [];
    const lines = createInterface({ input: child.stdout });
    const [first] = (await Promise.race([
      once(lines, "line"),
      exited.then(() => Promise.reject(new Error("the Python subscriber ended before it was ready"))),
    ])) as [string];
    const subscriber = new ZmqSubscriber((JSON.parse(first) as Told).publish_to ?? "", told, async () => {
      child.stdin.end();
      await exited;
    });
    lines.on("line", (line) => {
      told.push(JSON.parse(line) as Told);
      for (const look of [...subscriber.#waiting]) look();
    });
    return subscriber;
  }

  /** The rows of BestEffortCallback's table so far, as they were printed. */
  get rows(): readonly (readonly string[])[] {
    return this.#told.flatMap(({ row }) => (row === undefined ? [] : [row]));
  }

  get documents(): readonly { name: string; doc: Record<string, any> }[] {
    return this.#told.flatMap(({ document, doc }) =>
      document === undefined ? [] : [{ name: document, doc: doc ?? {} }],
    );
  }

  /** Resolves when a run's stop document has come. */
  async stopped(run: string): Promise<void> {
    await this.until(() => this.documents.find(({ name, doc }) => name === "stop" && doc.run_start === run));
  }

  /** The peaks that Python found in a run, once it is over. */
  async peaks(run: string): Promise<Record<string, Record<string, unknown>>> {
    return this.until(() => this.#told.find((told) => told.run === run)?.peaks);
  }

  /** Resolves to what `look` finds, as soon as it finds something. */
  until<T>(look: () => T | undefined): Promise<T> {
    return new Promise((resolve) => {
      const again = (): void => {
        const found = look();
        if (found === undefined) return;
        this.#waiting.delete(again);
        resolve(found);
      };
      this.#waiting.add(again);
      again();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end();
  }
}
