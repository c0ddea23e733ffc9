import { Catalog } from "../../documents/catalog/index.ts";
import { describeError } from "../describe-error.ts";
import { error, type Finding, ok } from "./finding.ts";

/** Whether the database answers, and what is its newest run. */
export async function checkMongo(uri: string): Promise<Finding> {
  try {
    await using catalog = await Catalog.open(uri);
    const [newest] = await catalog.list({ limit: 1 });
    const what = newest === undefined ? "no run yet" : `its newest run is ${newest.uid}`;
    return ok("MongoDB", `${catalog.location} answers; ${what}`);
  } catch (cause) {
    return error(
      "MongoDB",
      describeError(cause),
      "see whether mongod runs, and whether host, port, user and password of the URI are right",
    );
  }
}
