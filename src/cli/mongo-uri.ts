import type { Command } from "commander";

/** For options that take a MongoDB URI: one without a database is an error. */
export function mongoUri(program: Command): (uri: string) => string {
  return (uri) => {
    const database = /^mongodb(?:\+srv)?:\/\/[^/]+\/([^?]+)/.exec(uri)?.[1];
    if (database === undefined) {
      program.error(`error: --mongo ${uri} names no database; write mongodb://host:port/database`);
    }
    return uri;
  };
}
