/** What keeps a file from being read as weights, by public code; each code has a page in docs/diagnostics. */
export const weightsFaultCodes = [
  "weights-pickle",
  "weights-not-safetensors",
  "safetensors-truncated",
  "safetensors-json",
  "safetensors-duplicate",
  "safetensors-entry",
  "safetensors-dtype",
  "safetensors-shape",
  "safetensors-offsets",
  "safetensors-limit",
  "weights-index",
  "weights-shard",
  "weights-shard-outside",
  "weights-map",
  "weights-map-clash",
] as const;

export type WeightsFaultCode = (typeof weightsFaultCodes)[number];

/** Where weights are those of another network, and what is wrong with their values, by public code. */
export const mismatchCodes = {
  missing: "weights-missing",
  unexpected: "weights-unexpected",
  shape: "weights-shape",
  dtype: "weights-dtype",
  overflow: "weights-overflow",
  range: "weights-range",
  notFinite: "weights-not-finite",
  variance: "weights-variance",
} as const;

/** What does not keep weights from being taken. */
export const warningKinds: readonly MismatchKind[] = ["notFinite", "variance"];

export type MismatchKind = keyof typeof mismatchCodes;

/** All of them, in the order in which they would be found. */
export const weightsCodes: readonly string[] = [...weightsFaultCodes, ...Object.values(mismatchCodes)];
