import type { Entry } from "../entry.ts";
import { ACTIONS } from "./actions.ts";
import { BUNDLES } from "./bundles.ts";
import { CHECKPOINTS } from "./checkpoints.ts";
import { CONTROL } from "./control.ts";
import { DECORATORS } from "./decorators.ts";
import { DEFECTS } from "./defects.ts";
import { ENDINGS } from "./endings.ts";
import { FAILURES } from "./failures.ts";
import { FILES } from "./files.ts";
import { FLYERS } from "./flyers.ts";
import { KEYS } from "./keys.ts";
import { MONITORS } from "./monitors.ts";
import { NAMES } from "./names.ts";
import { PAUSES } from "./pauses.ts";
import { PLANS } from "./plans.ts";
import { PREPROCESSORS } from "./preprocessors.ts";
import { REFUSALS } from "./refusals.ts";
import { REPEATS } from "./repeats.ts";
import { REWINDS } from "./rewinds.ts";
import { RUNS } from "./runs.ts";
import { STUBS } from "./stubs.ts";
import { SUSPENSIONS } from "./suspensions.ts";
import { TWEAK } from "./tweak.ts";

export const CORPUS: readonly Entry[] = [
  ...RUNS,
  ...BUNDLES,
  ...ACTIONS,
  ...CONTROL,
  ...REFUSALS,
  ...KEYS,
  ...PAUSES,
  ...REWINDS,
  ...REPEATS,
  ...CHECKPOINTS,
  ...ENDINGS,
  ...FAILURES,
  ...MONITORS,
  ...FLYERS,
  ...FILES,
  ...SUSPENSIONS,
  ...STUBS,
  ...PREPROCESSORS,
  ...PLANS,
  ...DEFECTS,
  ...DECORATORS,
  ...NAMES,
  ...TWEAK,
];
