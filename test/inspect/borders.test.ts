import onnxProto from "onnx-proto";
import { expect, it } from "vitest";
import type { Architecture } from "../../src/compiler/ir.ts";
import { compareWithArchitecture } from "../../src/inspect/compare.ts";
import { readModel } from "../../src/inspect/model.ts";
import { compileText } from "../compiling.ts";
import { emitWith, joined } from "../emit/running.ts";
import { changed, type Graph, node, type Proto } from "../verification/changed.ts";

const { onnx } = onnxProto;
const architecture = compileText(`network Net {
  input image[3, H, W]
  stem: conv(3x3, 4, pad = 1) act: silu
  globalavgpool last: linear(2)
}`).architectures[0] as Architecture;
const bytes = joined(emitWith(architecture));
const options = {
  batch: 1,
  sizes: new Map([
    ["H", 8],
    ["W", 8],
  ]),
};

type Change = (graph: Graph, model: Proto) => void;

const dimension = (graph: Graph, list: "input" | "output", axis: number) =>
  graph[list]?.[0]?.type?.tensorType?.shape?.dim?.[axis] ?? {};

it.each<[string, Change]>([
  [
    "metadata: the model has IR version 3, and should have 8",
    (_graph, model) => {
      model.irVersion = 3;
    },
  ],
  [
    "metadata: the model imports operators of com.foo, and should import those of ONNX alone",
    (_graph, model) => model.opsetImport.push(onnx.OperatorSetIdProto.create({ domain: "com.foo", version: 1 })),
  ],
  [
    "border: output is stated as float64, and should be float32",
    (graph) => Object.assign(graph.output?.[0]?.type?.tensorType ?? {}, { elemType: 11 }),
  ],
  [
    "shape: the model states no shape of 5 of its 7 tensors, first of stem",
    (graph) => Object.assign(graph, { valueInfo: [] }),
  ],
  [
    "shape: image is stated as [N, 3, W, H], and should be [N, 3, H, W]",
    (graph) => {
      dimension(graph, "input", 2).dimParam = "W";
      dimension(graph, "input", 3).dimParam = "H";
    },
  ],
  [
    "shape: output is stated as [4, 2], and should be [N, 2]",
    (graph) => Object.assign(dimension(graph, "output", 0), { dimParam: undefined, dimValue: 4, value: "dimValue" }),
  ],
  [
    "shape: output is stated as [N, 2], and should be [4, 2]",
    (graph) => Object.assign(dimension(graph, "input", 0), { dimParam: undefined, dimValue: 4, value: "dimValue" }),
  ],
  [
    "node: act is made by the node other, and should be by act",
    (graph) => Object.assign(node(graph, "act"), { name: "other" }),
  ],
  [
    "node: act is made by a node without a name, and should be by act.sigmoid",
    (graph) => Object.assign(node(graph, "act.sigmoid"), { name: "" }),
  ],
])("%s", (message, change) => {
  const model = readModel(changed(bytes, (graph, all) => void change(graph, all)));
  const { differences } = compareWithArchitecture(model, architecture, options);
  expect(differences.map(({ kind, where, problem }) => `${kind}: ${where} ${problem}`)).toContain(message);
});

it("the model itself is right", () => {
  expect(compareWithArchitecture(readModel(bytes), architecture, options).differences).toEqual([]);
});
