import { type Document, RunEngine } from "cerulean";
import { fly } from "cerulean/plans";
import { hw } from "cerulean/sim";

/** A flyer hands a whole sweep over at once: one EventPage, a column for each field. */
const engine = new RunEngine();
let page: Extract<Document, { name: "event_page" }>["doc"] | undefined;
engine.subscribe(({ name, doc }) => {
  if (name === "event_page") page = doc;
});
await engine.run(fly([hw().flyer1]));
console.log(`${page?.seq_num.length} rows of ${Object.keys(page?.data ?? {}).join(" and ")} in one page`);
