import { linkSync, mkdirSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import onnxProto from "onnx-proto";
import { attribute, changed, type Graph, node, type Proto, tensor } from "./verification/changed.ts";

/** Makes the wrong model of a page in its folder, of the bytes of the right one. */
export type Spoil = (file: string, right: Uint8Array) => void;

/** By code, what is done to `net.onnx` before it is verified; without one it is right, and was compiled from `older`. */
export const spoilers: Readonly<Record<string, Spoil>> = {
  "model-not-onnx": (file) => writeFileSync(file, "network Net {\n  input image[3, 8, 8]\n}\n"),
  "model-truncated": (file, right) => writeFileSync(file, right.subarray(0, right.length / 2)),
  "model-too-large": (file) => truncateSync(file, 3 * 2 ** 30),
  "model-foreign": change((graph) => {
    node(graph, "relu1").opType = "Selu";
  }),
  "model-opset": change((_graph, model) => {
    for (const one of model.opsetImport) one.version = 9;
  }),
  "model-inconsistent": change((graph) => void node(graph, "stem").input?.splice(1, 1, "stem.weights")),
  "model-external": beside({ location: "" }),
  "model-external-outside": beside({ location: "../weights.bin" }),
  "model-external-missing": beside({ location: "weights.bin" }),
  "model-external-link": beside({ location: "weights.bin" }, (weights) => {
    writeFileSync(`${weights}.elsewhere`, new Uint8Array(1728));
    linkSync(`${weights}.elsewhere`, weights);
  }),
  "model-external-not-file": beside({ location: "weights.bin" }, (weights) => mkdirSync(weights)),
  "model-external-short": beside({ location: "weights.bin" }, (weights) => writeFileSync(weights, "four")),
  "model-external-length": beside({ location: "weights.bin", length: "100" }),
  "model-border": change((graph) => {
    for (const one of graph.output ?? []) one.name = "logits";
    node(graph, "classifier").output = ["logits"];
  }),
  "model-tensor": change((graph) => void graph.initializer?.push({ ...tensor(graph, "norm.bias"), name: "left.over" })),
  "model-node": change((graph) => {
    attribute(node(graph, "norm"), "epsilon").f = 1e-4;
  }),
  "model-values": change((graph) => {
    const weight = tensor(graph, "stem.weight");
    const values = Uint8Array.from(weight.rawData ?? []);
    values[400] = (values[400] as number) ^ 1;
    weight.rawData = values;
  }),
  "model-metadata": change((_graph, model) => {
    for (const one of model.metadataProps) if (one.key === "dnetc.params") one.value = "630";
  }),
};

/** What the program was before `classifier` got more features. */
export function older(program: string): string {
  return program.replace("linear(12)", "linear(10)");
}

function change(how: (graph: Graph, model: Proto) => void): Spoil {
  return (file, right) => writeFileSync(file, changed(right, how));
}

/** The weights of `stem` lie in another file, as the entries say. */
function beside(entries: Readonly<Record<string, string>>, make: (weights: string) => void = () => {}): Spoil {
  return (file, right) => {
    make(path.join(path.dirname(file), "weights.bin"));
    change((graph) => {
      const weight = tensor(graph, "stem.weight");
      weight.rawData = new Uint8Array();
      weight.dataLocation = onnxProto.onnx.TensorProto.DataLocation.EXTERNAL;
      weight.externalData = Object.entries(entries).map(([key, value]) => ({ key, value }));
    })(file, right);
  };
}
