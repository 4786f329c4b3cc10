import type { Choice, Plan } from "./choice.ts";
import { denseMakers } from "./dense.ts";
import { joinMakers } from "./joins.ts";
import { layerMakers } from "./layers.ts";
import {
  isImage,
  isSameSize,
  type Made,
  type Maker,
  Place,
  type Program,
  type Scope,
  type Shape,
  type Walk,
} from "./place.ts";
import { most, openSide, type Side } from "./side.ts";
import { statementMakers } from "./statements.ts";

const constructMakers = { ...joinMakers, ...denseMakers, ...statementMakers };
const layers: readonly Maker[] = Object.values(layerMakers);
const constructs: readonly Maker[] = Object.values(constructMakers);
const windowed = ["conv", "deconv", "maxpool", "avgpool"].map((name) => layerMakers[name] as Maker);

/** The plainest first; what has many arguments again. */
const makers: readonly Maker[] = [...layers, ...windowed, ...constructs, ...windowed, ...layers, ...constructs];

/** A comment at the end of the network's body: what is known of its counts can be stated in its place. */
export const placeOfCounts = "# What it counts.";

/** A program that is valid, and the sizes that it can be run at. */
export interface RandomProgram {
  /** The main file. */
  readonly text: string;
  /** `parts.dnet`, which it may import. */
  readonly parts: string | null;
  /** Where sizes are open: values for them, the smallest that is allowed first. */
  readonly sizes: readonly ReadonlyMap<string, number>[];
  /** What `--set` may change, to what: every parameter of the network. */
  readonly set: Readonly<Record<string, string>>;
}

/** A valid program over the whole language. */
export function programOf(plan: Plan, insertion: Insertion | null = null): RandomProgram {
  const program: Program = {
    declarations: [],
    values: [],
    parameters: [],
    outputs: 0,
    products: 0,
    statements: 0,
    names: 0,
  };
  const { shape, sizes, header, assumed } = inputOf(plan);
  const scope: Scope = {
    kind: "network",
    tensors: [{ name: "image", shape }],
    values: [],
    counters: "",
    mayPublish: true,
    keeps: false,
  };
  const end = insertion === null ? [] : [lastChoice];
  const body = walker(insertion)(shape, [...plan.statements, ...end], scope, program);
  const params = program.parameters.map(({ name, text }) => `${name} = ${text}`).join(", ");
  const network = [
    `network Random${params === "" ? "" : `(${params})`} {`,
    header,
    ...assumed,
    body.text,
    closing(body, plan),
    placeOfCounts,
    "}",
  ].filter((line) => line !== "");
  return { ...files(program, network.join("\n"), plan), sizes, set: changed(program) };
}

function inputOf({ input, whole }: Plan) {
  const [c, h, w, opened] = input;
  const [divisor, lowest] = [[1, 2, 4, 8][(whole[0] ?? 0) % 4] as number, 1 + ((whole[1] ?? 0) % 12)];
  const isOpen = { h: opened === 5 || opened === 6, w: opened === 6 || opened === 7 };
  const smallest = Math.ceil(lowest / divisor) * divisor;
  const values = [smallest, smallest + divisor, smallest + 3 * divisor];
  const names = [isOpen.h ? "H" : null, isOpen.w ? "W" : null].filter((name) => name !== null);
  const shape: Shape = {
    c,
    h: isOpen.h ? openSide("H", divisor, values) : h,
    w: isOpen.w ? openSide("W", divisor, values) : w,
  };
  const sizes = names.length === 0 ? [] : values.map((value) => new Map(names.map((name) => [name, value])));
  const text = (side: Side, name: string) => (typeof side === "number" ? `${side}` : name);
  const header = `input image[${c}, ${text(shape.h as Side, "H")}, ${text(shape.w, "W")}]`;
  const assumed = names.map((name) => {
    const forms = [
      `require ${name} % ${divisor} == 0 and ${name} >= ${lowest}`,
      `require ${name} % ${divisor} == 0, "it is halved"\nrequire ${lowest - 1} < ${name} <= 1_000`,
    ];
    return forms[(whole[2] ?? 0) % 2] as string;
  });
  return { shape, sizes, header, assumed };
}

/** The last layer is none of those that do nothing. */
function closing({ text, shape }: Made, { whole }: Plan): string {
  if (text === "") return "relu";
  const forms = [
    "scale(2)",
    "scale(-1, shift = 1)",
    "sigmoid",
    isImage(shape) ? "globalavgpool linear(3)" : "linear(3)",
    isImage(shape) ? "scale(2) flatten" : "softmax",
    "batchnorm",
  ];
  return forms[(whole[3] ?? 0) % forms.length] as string;
}

/** The declarations in the main file, before or after the network, or in another; variants; what the library brings. */
function files(program: Program, network: string, { whole }: Plan) {
  const [place = 0, doc = 0, library = 0, again = 0] = whole.slice(4);
  const { declarations, parameters } = program;
  const texts = declarations.map((one) => one.text);
  const isApart = declarations.length > 0 && place % 4 === 3;
  const imported = isApart ? [`import { ${declarations.map((one) => one.name).join(", ")} } from "./parts.dnet"`] : [];
  const here = isApart ? [] : texts;
  const documented = `${["", "## A network.\n", "# A comment.\n"][doc % 3]}${network}`;
  const [ahead, behind] = place % 4 === 1 ? [[], here] : [here, []];
  const variants = parameters.slice(0, again % 3).map(({ name, other }, i) => {
    return `network Variant${i + 1} = ${i === 0 ? "Random" : `Variant${i}`}(${name} = ${other})`;
  });
  const lines = [...imported, ...fromLibrary(library), ...ahead, documented, ...variants, ...behind];
  return { text: lines.join("\n"), parts: isApart ? texts.join("\n") : null };
}

function fromLibrary(choice: number): readonly string[] {
  const networks = [
    ["DenseNetPlain", "depth = 7, growth = 2, stem = 3, classes = 3"],
    ["DenseNetBC", "depth = 10, growth = 2, classes = 4"],
    ["DenseNet", "blocks = [1, 2], growth = 2, bottleneck = 2, classes = 5, size = 32"],
  ] as const;
  const found = networks[(choice % 40) - 1];
  if (!found) return [];
  const [name, args] = found;
  return [`import { ${name} } from "std/densenet"\nnetwork Library = ${name}(${args}) { expect channels >= 3 }`];
}

function changed({ parameters }: Program): Readonly<Record<string, string>> {
  return Object.fromEntries(parameters.map(({ name, other }) => [name, `${other}`]));
}

const mostStatements = 60;

/** Behind all others what has found no place is put, if anywhere. */
const lastChoice: Choice = { kind: 0, numbers: [], inner: [] };

/** A statement that is put among the others, at the first place from number `from` on where it is possible. */
export interface Insertion {
  readonly make: Maker;
  readonly from: number;
  isPlaced: boolean;
}

/** Statement after statement; what one leaves behind that is not taken is taken back. */
function walker(insertion: Insertion | null): Walk {
  const walk: Walk = (start, list, scope, program) => {
    let shape = start;
    const texts: string[] = [];
    const take = (make: Maker, choice: Choice): boolean => {
      const restore = marked(program, scope, insertion);
      const made = make(new Place(shape, choice, scope, program, walk));
      if (!made || tooLarge(made.shape) || (scope.keeps && !isSameSize(made.shape, start))) {
        restore();
        return false;
      }
      texts.push(made.text);
      shape = made.shape;
      return true;
    };
    for (const choice of list) {
      if (++program.statements > mostStatements && choice !== lastChoice) break;
      const isDue = insertion && !insertion.isPlaced && (program.statements > insertion.from || choice === lastChoice);
      if (isDue && take(insertion.make, choice)) insertion.isPlaced = true;
      take(makers[choice.kind % makers.length] as Maker, choice);
    }
    return { text: texts.join("\n"), shape };
  };
  return walk;
}

/** How to take back what a statement has collected. */
function marked(program: Program, { tensors }: Scope, insertion: Insertion | null): () => void {
  const { declarations, values, parameters } = program;
  const lists: readonly unknown[][] = [declarations, values, parameters, tensors];
  const lengths = lists.map((list) => list.length);
  const { outputs, products } = program;
  const isPlaced = insertion?.isPlaced ?? true;
  return () => {
    for (const [i, list] of lists.entries()) list.length = lengths[i] as number;
    Object.assign(program, { outputs, products });
    if (insertion) insertion.isPlaced = isPlaced;
  };
}

function tooLarge({ c, h, w }: Shape): boolean {
  return c > 48 || c * (h === null ? 1 : most(h)) * most(w) > 4096;
}
