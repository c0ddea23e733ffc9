import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parse, stringify } from "../../../src/documents/index.ts";
import { python } from "../../system/support/python.ts";

const script = fileURLToPath(new URL("oracle.py", import.meta.url));

type Task = "verdict" | "pack" | "unpack" | "pack_datum" | "unpack_datum";

/** Asks event-model about each of the questions, in one process that ends with its standard input. */
export async function askPython(task: Task, questions: readonly unknown[]): Promise<any[]> {
  const child = spawn(await python(), [script, task], { stdio: ["pipe", "pipe", "pipe"] });
  let answers = "";
  let complaints = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    answers += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaints += text;
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  // A Python that died says why on its standard error; the broken pipe says nothing.
  child.stdin.on("error", () => {});
  child.stdin.end(questions.map((question) => `${stringify(question)}\n`).join(""));
  const code = await ended;
  if (code !== 0) throw new Error(`event-model's oracle ended with ${code}: ${complaints}`);
  return answers.trimEnd().split("\n").map(parse);
}
