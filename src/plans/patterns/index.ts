export { Cycler, cycler, snakeCyclers } from "./cycler.ts";
export { innerListProduct, innerProduct } from "./inner.ts";
export { linspace, logspace } from "./linspace.ts";
export {
  chunkOuterProductArgs,
  classifyOuterProductArgsPattern,
  type GridAxis,
  OuterProductArgsPattern,
  outerListProduct,
  outerProduct,
} from "./outer.ts";
export { type SpiralOptions, spiral, spiralFermat, spiralSquarePattern } from "./spirals.ts";
