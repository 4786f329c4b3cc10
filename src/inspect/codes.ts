/** What keeps a file from being read as a model of dnetc, by public code; each code has a page in docs/diagnostics. */
export const faultCodes = [
  "model-not-onnx",
  "model-truncated",
  "model-too-large",
  "model-foreign",
  "model-opset",
  "model-inconsistent",
  "model-external",
  "model-external-outside",
  "model-external-missing",
  "model-external-link",
  "model-external-not-file",
  "model-external-short",
  "model-external-length",
] as const;

export type FaultCode = (typeof faultCodes)[number];

/** Where a model holds something else than the network says: by the kind of difference, its public code. */
export const differenceCodes = {
  border: "model-border",
  shape: "model-shape",
  tensor: "model-tensor",
  node: "model-node",
  count: "model-count",
  values: "model-values",
  metadata: "model-metadata",
} as const;

export type DifferenceKind = keyof typeof differenceCodes;

/** What a run shows, by public code. */
export const divergenceCodes = {
  differs: "run-differs",
  notFinite: "run-not-finite",
  constant: "run-constant",
  elsewhere: "run-elsewhere",
} as const;

/** All of them, in the order in which they would be found. */
export const modelCodes: readonly string[] = [
  ...faultCodes,
  ...Object.values(differenceCodes),
  ...Object.values(divergenceCodes),
];
