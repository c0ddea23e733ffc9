import { open } from "node:fs/promises";
import { StringDecoder } from "node:string_decoder";
import type { Document } from "../document.ts";

const CHUNK_BYTES = 1024 * 1024;

/** Reads the lines that have come to a file since it last looked; one that isn't whole yet waits for its end. */
export class JsonlFollower {
  readonly #path: string;
  readonly #parse: (line: string) => Document;
  readonly #decoder = new StringDecoder();
  #at = 0;
  #begun = "";

  constructor(path: string, parse: (line: string) => Document) {
    this.#path = path;
    this.#parse = parse;
  }

  async *look(): AsyncGenerator<Document, void, undefined> {
    await using file = await open(this.#path);
    const chunk = Buffer.alloc(CHUNK_BYTES);
    for (;;) {
      const { bytesRead } = await file.read(chunk, 0, chunk.length, this.#at);
      if (bytesRead === 0) return;
      this.#at += bytesRead;
      const lines = (this.#begun + this.#decoder.write(chunk.subarray(0, bytesRead))).split("\n");
      this.#begun = lines.pop() ?? "";
      for (const line of lines) if (line.trim() !== "") yield this.#parse(line);
    }
  }
}
