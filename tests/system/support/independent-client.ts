import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { python } from "./python.ts";

export interface IndependentClient extends AsyncDisposable {
  read(): Promise<number>;
}

/** A client that is not ours, on a server at this port of the loopback interface. */
export async function independentClient(pv: string, caPort: number): Promise<IndependentClient> {
  const script = fileURLToPath(new URL("independent-client.py", import.meta.url));
  const child = spawn(await python(), [script, pv], {
    env: {
      ...process.env,
      EPICS_CA_ADDR_LIST: "127.0.0.1",
      EPICS_CA_AUTO_ADDR_LIST: "NO",
      EPICS_CA_SERVER_PORT: `${caPort}`,
    },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<string> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error(`the client of ${pv} ended`);
    return value;
  };
  await next();
  return {
    async read() {
      child.stdin.write("\n");
      return Number(await next());
    },
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      await exited;
    },
  };
}
