import { describe, expect, it } from "vitest";
import { Bench } from "./bench.ts";
import { CORPUS } from "./corpus/index.ts";
import type { Entry } from "./entry.ts";

/** What bluesky has, by its own names. Each must be in two entries at least, in the Python half as in ours. */
const HAS: Readonly<Record<string, string>> = {
  bp: `count scan list_scan rel_list_scan list_grid_scan rel_list_grid_scan rel_scan grid_scan rel_grid_scan scan_nd inner_product_scan
    relative_inner_product_scan x2x_scan log_scan rel_log_scan adaptive_scan rel_adaptive_scan tune_centroid tweak spiral rel_spiral
    spiral_fermat rel_spiral_fermat spiral_square rel_spiral_square ramp_plan fly relative_list_scan relative_scan relative_log_scan
    relative_adaptive_scan outer_product_scan relative_outer_product_scan relative_spiral_fermat relative_spiral`,
  bps: `declare_stream create save drop read locate monitor unmonitor null abs_set rel_set mv mov mvr movr rd stop trigger sleep wait
    checkpoint clear_checkpoint pause deferred_pause input_plan prepare kickoff kickoff_all complete complete_all collect
    collect_while_completing configure stage unstage stage_all unstage_all subscribe unsubscribe install_suspender remove_suspender
    open_run close_run wait_for trigger_and_read broadcast_msg repeater caching_repeater one_shot one_1d_step move_per_step
    one_nd_step repeat`,
  bpp: `plan_mutator msg_mutator pchain run_wrapper subs_wrapper suspend_wrapper configure_count_time_wrapper finalize_wrapper
    contingency_wrapper rewindable_wrapper inject_md_wrapper stub_wrapper monitor_during_wrapper fly_during_wrapper
    lazily_stage_wrapper stage_wrapper relative_set_wrapper reset_positions_wrapper baseline_wrapper set_run_key_wrapper
    SupplementalData run_decorator subs_decorator suspend_decorator configure_count_time_decorator finalize_decorator
    contingency_decorator inject_md_decorator monitor_during_decorator fly_during_decorator lazily_stage_decorator stage_decorator
    relative_set_decorator reset_positions_decorator baseline_decorator set_run_key_decorator stub_decorator`,
  "": `SuspendBoolHigh SuspendBoolLow SuspendFloor SuspendCeil SuspendWhenOutsideBand SuspendInBand SuspendOutBand
    SuspendWhenChanged`,
};

/** What is wrong in bluesky and right here, with the entries that show it. */
const DEFECTS: Readonly<Record<string, RegExp>> = {
  "a wrong exit status of close_run leaves a run without its end": /^close_run with the exit status/,
  "a create that is refused leaves a bundle open": /^create without a name is refused/,
  "a monitor needs a name": /^a monitor without a name of its own/,
  "the reason of an abort is lost": /and aborted$|^abort no beam/,
  "a suspension begins monitors anew": /^a monitor through a suspension/,
  "a rewind leads numbers of monitors and interruptions back":
    /monitor with a pause|interruptions are recorded|with recorded interruptions/,
  "a second suspension within the first lets go of it": /second suspension|two suspensions/,
  "innerProductScan drops the user's step": /^innerProductScan of . points with a step of its own/,
  "a declared stream has its devices in any order": /declare_stream describes|declared stream|a declaration that/,
  "a stream is described twice after a rewind":
    /^a declared stream that is declared|^a declaration that a pause repeats/,
  "a failed move does not end a sleep": /that fails in a sleep|nobody waits for and that fails/,
  "an unstaging that takes time is not waited for": /leaves staged|^stageWrapper/,
  "count rests after its last shot": /^count with a delay/,
  "the answer of a message that a pause cuts off is lost": /that a pause interrupts answers the plan/,
};

describe("the corpus", () => {
  it.each(Object.entries(HAS).flatMap(([module, names]) => names.split(/\s+/).map((name) => [module, name] as const)))(
    "has %s %s in two entries at least",
    (module, name) => {
      const named = new RegExp(`\\b${module === "" ? "" : `${module}\\.`}${name}\\b`);
      expect(CORPUS.filter(({ python }) => named.test(python)).length).toBeGreaterThanOrEqual(2);
    },
  );

  it.each(Object.entries(DEFECTS))("shows in two entries at least that %s", (_, shows) => {
    expect(CORPUS.filter(({ name }) => shows.test(name)).length).toBeGreaterThanOrEqual(2);
  });

  it("pauses a scan at every message of it", async () => {
    const paused = CORPUS.filter(({ name }) => /^a scan that is paused at message \d+ and resumed$/.test(name));
    const { messages } = await new Bench({ ...(paused[0] as Entry), script: [] }).run();
    const at = paused.map(({ script }) => Number(script?.[0]?.at)).sort((a, b) => a - b);
    expect(at).toEqual(messages.map((_, i) => i));
  });

  it("has 120 plans at least", () => {
    expect(CORPUS.length).toBeGreaterThanOrEqual(120);
  });
});
