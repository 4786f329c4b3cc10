import onnxProto from "onnx-proto";

const { onnx } = onnxProto;
export type Graph = onnxProto.onnx.IGraphProto;
export type Node = onnxProto.onnx.INodeProto;
export type Proto = onnxProto.onnx.ModelProto;

/** A model after a change to what it says; read and written by a library, so that nothing else of it is another. */
export function changed(bytes: Uint8Array, change: (graph: Graph, model: Proto) => void): Uint8Array {
  const model = onnx.ModelProto.decode(bytes);
  change(model.graph as Graph, model);
  return onnx.ModelProto.encode(model).finish();
}

export function node(graph: Graph, name: string): Node {
  const found = graph.node?.find((one) => one.name === name);
  if (!found) throw new Error(`no node ${name}`);
  return found;
}

export function tensor(graph: Graph, name: string): onnxProto.onnx.ITensorProto {
  const found = graph.initializer?.find((one) => one.name === name);
  if (!found) throw new Error(`no tensor ${name}`);
  return found;
}

export function attribute(of: Node, name: string): onnxProto.onnx.IAttributeProto {
  const found = of.attribute?.find((one) => one.name === name);
  if (!found) throw new Error(`no attribute ${name}`);
  return found;
}
