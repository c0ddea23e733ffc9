export type { Source } from "../drive.ts";
export { configureCountTimeWrapper } from "./configure-count-time.ts";
export {
  baselineDecorator,
  configureCountTimeDecorator,
  contingencyDecorator,
  finalizeDecorator,
  flyDuringDecorator,
  injectMdDecorator,
  lazilyStageDecorator,
  makeDecorator,
  monitorDuringDecorator,
  type PlanDecorator,
  relativeSetDecorator,
  resetPositionsDecorator,
  rewindableDecorator,
  runDecorator,
  setRunKeyDecorator,
  stageDecorator,
  stubDecorator,
  subsDecorator,
  suspendDecorator,
} from "./decorators.ts";
export { baselineWrapper, flyDuringWrapper, monitorDuringWrapper } from "./during.ts";
export {
  type ContingencyOptions,
  contingencyWrapper,
  type FinalizeOptions,
  finalizeWrapper,
  pchain,
} from "./finalize.ts";
export { injectMdWrapper, setRunKeyWrapper, stubWrapper } from "./metadata.ts";
export { msgMutator } from "./msg-mutator.ts";
export { plan } from "./plan.ts";
export { type MsgProc, planMutator } from "./plan-mutator.ts";
export { printSummaryWrapper } from "./print-summary.ts";
export { relativeSetWrapper, resetPositionsWrapper } from "./relative-set.ts";
export { rewindableWrapper } from "./rewindable.ts";
export { type RunWrapperOptions, runWrapper } from "./run.ts";
export { lazilyStageWrapper, stageWrapper } from "./stage.ts";
export { type Subs, subsWrapper, suspendWrapper } from "./subscriptions.ts";
export { type SupplementalData, supplementalData } from "./supplemental-data.ts";
