export { type Compilation, type CompileOptions, compile } from "./compiler/compile.ts";
export { count, type LayerStats, type Stats, type Totals } from "./compiler/count.ts";
export type { Code, Diagnostic, Related, Severity } from "./compiler/diagnostics.ts";
export type {
  Activation,
  Architecture,
  DenseBlock,
  Dim,
  Op,
  OpKind,
  OpOf,
  OpSettings,
  ResidualBranch,
  Shape,
  Site,
  Tensor,
  TensorRole,
} from "./compiler/ir.ts";
export { defaultLimits, type LimitName, type Limits } from "./compiler/limits.ts";
export type { Memory, Peak } from "./compiler/memory.ts";
export type { ReceptiveField } from "./compiler/receptive-field.ts";
export { lineText, type Position, positionAt, type Source, type Span } from "./compiler/source.ts";
export { type Assumptions, formatQuantity, type Quantity } from "./compiler/symbolic.ts";
export type { Value } from "./compiler/value.ts";
export type { DataFile, External } from "./emit/beside.ts";
export {
  type EmitOptions,
  type EmittedModel,
  emit,
  largestModel,
  largestWhole,
  ModelTooLarge,
  type Seal,
} from "./emit/emit.ts";
export type { Folding, Unfolded, WhyLeft } from "./emit/fold.ts";
export type { Provenance } from "./emit/metadata.ts";
export { type EmittedTensor, madeHere, type Piece, type Sha256, type Stretch } from "./emit/pieces.ts";
export type { Dtype, KeepIo } from "./emit/precision.ts";
export { type HalfType, type OutOfRange, ValuesTooLarge } from "./emit/range.ts";
export type { FaultCode } from "./inspect/codes.ts";
export { ModelFault } from "./inspect/fault.ts";
export { type EvaluateOptions, evaluate, type Outputs } from "./reference/evaluate.ts";
export type { Sample } from "./reference/sample.ts";
export { extractWeights } from "./saving/model-tensors.ts";
export { encodeWeights } from "./saving/network-tensors.ts";
export type { SavedFile } from "./saving/saved-file.ts";
export { type MismatchKind, mismatchCodes, type WeightsFaultCode } from "./weights/codes.ts";
export { WeightsFault } from "./weights/fault.ts";
export type { Init, InitialKind } from "./weights/init.ts";
export { type InitialiseOptions, initialise } from "./weights/initialise.ts";
export type { Layout } from "./weights/loading/layout.ts";
export {
  type FindingRule,
  type LoadedWeights,
  type LoadOptions,
  type LookedAt,
  loadingSteps,
  loadWeights,
  type WeightsReport,
} from "./weights/loading/load.ts";
export type { MappedTensor } from "./weights/loading/mapped.ts";
export type {
  Mismatch,
  Missing,
  OtherDtype,
  OtherShape,
  StrangeValues,
  Unexpected,
} from "./weights/loading/mismatches.ts";
export { type PublishedNames, publishedMapping, publishedNames } from "./weights/loading/published-names.ts";
export { type Mapping, type Rule, readRules } from "./weights/loading/rules.ts";
export type { ReadStretch } from "./weights/make.ts";
export type { Normalisation, Recipe, Runs, Stored, StoredType, Transposed } from "./weights/recipe.ts";
export type { Catalogue, ReadableFile, SavedTensor } from "./weights/safetensors/catalogue.ts";
export type { Dtype as SavedDtype } from "./weights/safetensors/dtypes.ts";
export { readCatalogue } from "./weights/safetensors/read.ts";
export type { TensorData, Weights } from "./weights/weights.ts";
