import type { OpKind } from "../../compiler/ir.ts";
import { FloatAttribute, type Flowing } from "../graph.ts";
import type { Lower, Lowering } from "../lowering.ts";

const onInput = (type: string) => (_op: unknown, to: Lowering) => to.main(type, [to.input]);

export const lowerActivations = {
  relu: onInput("Relu"),
  relu6: (_op, to) => to.main("Clip", [to.input, to.scalar("min", 0), to.scalar("max", 6)]),
  leakyrelu: ({ settings: { slope } }, to) => to.main("LeakyRelu", [to.input], { alpha: new FloatAttribute(slope) }),
  silu: (_op, to) => to.main("Mul", [to.input, to.extra("sigmoid", "Sigmoid", [to.input], to.input.shape)]),
  hardswish: (_op, to) => {
    if (to.opset >= 14) return to.main("HardSwish", [to.input]);
    return to.main("Mul", [to.input, to.extra("gate", "HardSigmoid", [to.input], to.input.shape, hardSigmoid)]);
  },
  hardsigmoid: (_op, to) => to.main("HardSigmoid", [to.input], hardSigmoid),
  sigmoid: onInput("Sigmoid"),
  tanh: onInput("Tanh"),
  gelu: (_op, to) => (to.opset >= 20 ? to.main("Gelu", [to.input]) : geluByErf(to)),
  softmax: (_op, to) => to.main("Softmax", [to.input], { axis: 1 }),
} satisfies { readonly [K in OpKind]?: Lower<K> };

/** PyTorch's clip(x/6 + ½, 0, 1); the default of ONNX is 0.2·x + ½. */
const hardSigmoid = { alpha: new FloatAttribute(1 / 6), beta: new FloatAttribute(0.5) };

/** x·(1 + erf(x/√2))·½, in the order of nodes that ONNX Runtime knows as a Gelu. */
function geluByErf(to: Lowering): Flowing {
  const { input } = to;
  const scaled = to.extra("scaled", "Div", [input, to.scalar("sqrt2", Math.SQRT2)], input.shape);
  const erf = to.extra("erf", "Erf", [scaled], input.shape);
  const gate = to.extra("gate", "Add", [erf, to.scalar("one", 1)], input.shape);
  const product = to.extra("product", "Mul", [input, gate], input.shape);
  return to.main("Mul", [product, to.scalar("half", 0.5)]);
}
