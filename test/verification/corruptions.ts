import onnxProto from "onnx-proto";
import type { Graph, Node, Proto } from "./changed.ts";

const { onnx } = onnxProto;

/** One change to a model. */
export interface Corruption {
  /** What was done, for the message of a test. */
  readonly what: string;
  /** The node or tensor that was changed, or "the model". */
  readonly where: string;
  /** Another one that was changed with it. */
  readonly alsoAt?: string;
  apply(graph: Graph, model: Proto): void;
}

/** All that a kind of change can do to a model; the model itself is only looked at. */
export type Kind = (graph: Graph, model: Proto) => readonly Corruption[];

const nodesOf = (graph: Graph): readonly Node[] => graph.node ?? [];
const nodeAt = (graph: Graph, i: number): Node => nodesOf(graph)[i] as Node;

/** Every number of every attribute one more, every fraction a little more, every word another. */
export const attributesChanged: Kind = (graph) =>
  nodesOf(graph).flatMap((node, i) =>
    (node.attribute ?? []).flatMap((attribute, a) => {
      const places = attribute.ints && attribute.ints.length > 0 ? attribute.ints.length : 1;
      return Array.from(
        { length: places },
        (_, place): Corruption => ({
          what: `${attribute.name} at ${place}`,
          where: node.name ?? "",
          apply(copy) {
            const changed = (nodeAt(copy, i).attribute ?? [])[a] as onnxProto.onnx.IAttributeProto;
            if (changed.ints && changed.ints.length > 0) changed.ints[place] = Number(changed.ints[place]) + 1;
            else if (changed.type === onnx.AttributeProto.AttributeType.FLOAT) changed.f = nextFloat(changed.f ?? 0);
            else if (changed.type === onnx.AttributeProto.AttributeType.INT) changed.i = Number(changed.i) + 1;
            else changed.s = new TextEncoder().encode(`${new TextDecoder().decode(changed.s ?? undefined)}x`);
          },
        }),
      );
    }),
  );

export const attributesRemoved: Kind = (graph) =>
  nodesOf(graph).flatMap((node, i) =>
    (node.attribute ?? []).map((attribute, a) => ({
      what: `without ${attribute.name}`,
      where: node.name ?? "",
      apply: (copy) => void nodeAt(copy, i).attribute?.splice(a, 1),
    })),
  );

/** An attribute that the node did not have. */
export const attributesAdded: Kind = (graph) =>
  ["ceil_mode", "auto_pad", "none_such"].flatMap((name) =>
    nodesOf(graph).flatMap((node, i): readonly Corruption[] => {
      if (node.attribute?.some((one) => one.name === name)) return [];
      const INT = onnx.AttributeProto.AttributeType.INT;
      return [
        {
          what: `with ${name}`,
          where: node.name ?? "",
          apply: (copy) => void nodeAt(copy, i).attribute?.push({ name, type: INT, i: 7 }),
        },
      ];
    }),
  );

/** Every node as one of each operator of the graph that takes as many inputs. */
export const typesExchanged: Kind = (graph) => {
  const types = new Map(nodesOf(graph).map((node) => [node.opType ?? "", node.input?.length ?? 0]));
  return nodesOf(graph).flatMap((node, i) =>
    [...types].flatMap(([opType, inputs]): readonly Corruption[] => {
      if (opType === node.opType || inputs !== node.input?.length) return [];
      const apply = (copy: Graph) => {
        nodeAt(copy, i).opType = opType;
      };
      return [{ what: `${node.opType} as ${opType}`, where: node.name ?? "", apply }];
    }),
  );
};

export const inputsSwapped: Kind = (graph) =>
  nodesOf(graph).flatMap((node, i) => {
    const inputs = node.input ?? [];
    return inputs.flatMap((one, a) =>
      inputs.slice(a + 1).flatMap((other, b): readonly Corruption[] => {
        if (one === other) return [];
        const apply = (copy: Graph) => {
          const { input } = nodeAt(copy, i);
          if (input) [input[a], input[a + 1 + b]] = [other, one];
        };
        return [{ what: `inputs ${a} and ${a + 1 + b} swapped`, where: node.name ?? "", apply }];
      }),
    );
  });

/** Every input as the tensor before it in the file, of those that are there when the node runs. */
export const inputsReplaced: Kind = (graph) => {
  const stored = (graph.initializer ?? []).map(({ name }) => name ?? "");
  const made = [graph.input?.[0]?.name ?? "", ...nodesOf(graph).map((node) => node.output?.[0] ?? "")];
  return nodesOf(graph).flatMap((node, i) =>
    (node.input ?? []).flatMap((name, a): readonly Corruption[] => {
      const all = stored.includes(name) ? stored : made.slice(0, i + 1);
      const instead = all[(all.indexOf(name) + all.length - 1) % all.length] as string;
      if (name === "" || instead === name) return [];
      const apply = (copy: Graph) => {
        const { input } = nodeAt(copy, i);
        if (input) input[a] = instead;
      };
      return [{ what: `reads ${instead} in the place of ${name}`, where: node.name ?? "", apply }];
    }),
  );
};

export const inputsLeftOut: Kind = (graph) =>
  nodesOf(graph).flatMap((node, i) =>
    (node.input ?? []).map((name, a) => ({
      what: `without its input ${name}`,
      where: node.name ?? "",
      apply: (copy) => void nodeAt(copy, i).input?.splice(a, 1),
    })),
  );

/** Who read what the node made reads what it read. */
export const nodesRemoved: Kind = (graph) =>
  nodesOf(graph).map((node, i) => ({
    what: "is gone",
    where: node.name ?? "",
    apply(copy) {
      copy.node?.splice(i, 1);
      for (const { input } of nodesOf(copy)) {
        for (const [a, name] of (input ?? []).entries())
          if (name === node.output?.[0] && input) input[a] = node.input?.[0] ?? "";
      }
    },
  }));

/** What it makes goes through it once more. */
export const nodesRunTwice: Kind = (graph) =>
  nodesOf(graph).map((node, i) => ({
    what: "runs twice",
    where: node.name ?? "",
    apply(copy) {
      const first = nodeAt(copy, i);
      const again = {
        ...first,
        name: `${node.name}.again`,
        input: [`${node.name}.once`, ...(node.input ?? []).slice(1)],
      };
      copy.node?.splice(i + 1, 0, again);
      first.output = [`${node.name}.once`];
    },
  }));

/** A second node makes the same, and nothing reads it. */
export const nodesDoubled: Kind = (graph) =>
  nodesOf(graph).map((node, i) => ({
    what: "is there twice",
    where: node.name ?? "",
    apply: (copy) => {
      const again = { ...nodeAt(copy, i), name: `${node.name}.again`, output: [`${node.name}.again`] };
      copy.node?.splice(i + 1, 0, again);
    },
  }));

/** One bit of one value of every stored tensor, the lowest and the highest. */
export const bitsFlipped: Kind = (graph) =>
  (graph.initializer ?? []).flatMap(({ name, rawData }, i) =>
    [0, 7].map((bit) => ({
      what: `bit ${bit} of the middle of its values`,
      where: name ?? "",
      apply(copy) {
        const tensor = copy.initializer?.[i];
        // What was decoded shares memory with the model.
        const bytes = Uint8Array.from(tensor?.rawData ?? []);
        if (tensor) tensor.rawData = bytes;
        const at = Math.floor((rawData?.length ?? 0) / 2);
        bytes[at] = (bytes[at] as number) ^ (1 << bit);
      },
    })),
  );

/** Every two stored tensors of one shape that follow one another and hold other values exchange their names. */
export const tensorsExchanged: Kind = (graph) =>
  (graph.initializer ?? []).flatMap((tensor, i): readonly Corruption[] => {
    const other = (graph.initializer ?? []).findIndex((one, j) => {
      const isAlike = one.dataType === tensor.dataType && String(one.dims) === String(tensor.dims);
      return j > i && isAlike && String(one.rawData) !== String(tensor.rawData);
    });
    if (other < 0) return [];
    const apply = (copy: Graph) => {
      const [one, two] = [copy.initializer?.[i], copy.initializer?.[other]];
      if (one && two) [one.name, two.name] = [two.name ?? "", one.name ?? ""];
    };
    const alsoAt = graph.initializer?.[other]?.name ?? "";
    return [{ what: `its name for that of ${alsoAt}`, where: tensor.name ?? "", alsoAt, apply }];
  });

export const tensorsReshaped: Kind = (graph) =>
  (graph.initializer ?? []).flatMap(({ name, dims }, i): readonly Corruption[] => {
    const apply = (copy: Graph) => {
      const tensor = copy.initializer?.[i];
      if (tensor) tensor.dims = [1, ...(dims ?? [])];
    };
    return [{ what: "one dimension more", where: name ?? "", apply }];
  });

/** Every size that the file states of a tensor. */
export const shapesChanged: Kind = (graph) =>
  (["input", "output", "valueInfo"] as const).flatMap((list) =>
    (graph[list] ?? []).flatMap(({ name, type }, i) =>
      (type?.tensorType?.shape?.dim ?? []).map((_dim, axis) => ({
        what: `size ${axis} as it is stated`,
        where: name ?? "",
        apply(copy: Graph) {
          const dim = copy[list]?.[i]?.type?.tensorType?.shape?.dim?.[axis];
          if (dim?.dimParam) dim.dimParam = "Other";
          else if (dim) dim.dimValue = Number(dim.dimValue) + 1;
        },
      })),
    ),
  );

export const bordersRenamed: Kind = (graph) =>
  (["input", "output"] as const).flatMap((list) =>
    (graph[list] ?? []).map(({ name }, i) => ({
      what: `the ${list} ${name} under another name`,
      where: "the model",
      apply(copy: Graph) {
        const border = copy[list]?.[i];
        if (border) border.name = "other";
        for (const node of nodesOf(copy)) {
          for (const names of [node.input ?? [], node.output ?? []]) {
            for (const [a, one] of names.entries()) if (one === name) names[a] = "other";
          }
        }
      },
    })),
  );

export const metadataChanged: Kind = (_graph, model) =>
  (model.metadataProps ?? []).map(({ key }, i) => ({
    what: `${key} is another`,
    where: "the model",
    apply(_copy, changed) {
      const entry = changed.metadataProps[i];
      if (entry) entry.value = `${entry.value}1`;
    },
  }));

export const metadataRemoved: Kind = (_graph, model) =>
  (model.metadataProps ?? []).map(({ key }, i) => ({
    what: `${key} is gone`,
    where: "the model",
    apply: (_copy, changed) => void changed.metadataProps.splice(i, 1),
  }));

/** The next number of float32, upwards. */
function nextFloat(value: number): number {
  const bits = new Uint32Array(Float32Array.of(value).buffer);
  bits[0] = (bits[0] as number) + 1;
  return new Float32Array(bits.buffer)[0] as number;
}
