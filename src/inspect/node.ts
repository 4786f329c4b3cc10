import { ModelFault } from "./fault.ts";
import { append, bytesOf, floatsIn, numberOf, numbersOf, textOf } from "./fields.ts";
import { fieldsOf } from "./wire.ts";

export interface Node {
  readonly name: string;
  readonly type: string;
  /** An optional input that is left out has the name "". */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, Attribute>;
}

export type Attribute = number | readonly number[] | string;

/** A name that was wished for: who came too late for it has a number. */
export function withoutNumber(name: string): string {
  return name.replace(/_\d+$/, "");
}

export function readNode(bytes: Uint8Array): Node {
  let [name, type, domain] = ["", "", ""];
  const [inputs, outputs]: [string[], string[]] = [[], []];
  const attributes = new Map<string, Attribute>();
  let strange: string | null = null;
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) inputs.push(textOf(field));
    else if (field.number === 2) outputs.push(textOf(field));
    else if (field.number === 3) name = textOf(field);
    else if (field.number === 4) type = textOf(field);
    else if (field.number === 5) strange = addAttribute(bytesOf(field), attributes, name || type) ?? strange;
    else if (field.number === 7) domain = textOf(field);
  }
  const called = name || "a node";
  if (domain !== "" && domain !== "ai.onnx") {
    throw new ModelFault("model-foreign", `${called} is ${type} of the domain ${domain}, which dnetc does not write`);
  }
  if (strange !== null) {
    throw new ModelFault("model-foreign", `${called} is ${type} with ${strange}, which dnetc does not write`);
  }
  return { name, type, inputs, outputs, attributes };
}

/** What is strange about the attribute, if it is none of a kind that dnetc writes. */
function addAttribute(bytes: Uint8Array, to: Map<string, Attribute>, node: string): string | null {
  let name = "";
  let single: number | string | null = null;
  let isStrange = false;
  const many: number[] = [];
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) name = textOf(field);
    else if (field.number === 2) single = floatsIn(bytesOf(field))[0] ?? 0;
    else if (field.number === 3) single = numberOf(field);
    else if (field.number === 4) single = textOf(field);
    else if (field.number === 7) append(floatsIn(bytesOf(field)), many);
    else if (field.number === 8) append(numbersOf(field), many);
    else if (field.number !== 20 && field.number !== 13) isStrange = true;
  }
  if (to.has(name)) throw new ModelFault("model-inconsistent", `${node} has the attribute ${name} twice`);
  to.set(name, single ?? many);
  return isStrange ? `the attribute ${name}` : null;
}
