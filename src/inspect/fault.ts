/** What can be wrong with an ONNX file, by public code. */
export type FaultCode =
  | "model-not-onnx"
  | "model-truncated"
  | "model-external"
  | "model-foreign"
  | "model-inconsistent";

/** A file that cannot be read as a model of dnetc. */
export class ModelFault extends Error {
  readonly code: FaultCode;

  constructor(code: FaultCode, message: string) {
    super(message);
    this.code = code;
  }
}
