import { concreteShape } from "../compiler/concrete.ts";
import type { Op } from "../compiler/ir.ts";
import { evaluateSteps, type Step } from "../reference/evaluate.ts";
import type { Device } from "../runtime/device.ts";
import { elementsOf } from "../weights/weights.ts";
import { compareTensors } from "./differences.ts";
import { type ComparedTensor, compareWithReference, type Distance, pairName, pairsOf } from "./reports.ts";
import { type Host, jobFor, type Subject, type VerifyOptions } from "./subject.ts";

/** What was found layer by layer, by device and by pairs of devices. */
export interface LayerPass {
  readonly layers: ReadonlyMap<Device, readonly ComparedTensor[]>;
  /** Why a device could not be followed. */
  readonly problems: ReadonlyMap<Device, string>;
  readonly pairs: ReadonlyMap<string, readonly Distance[]>;
}

/**
 * Compares the tensor behind every layer that has one of its own in the model. The reference is evaluated once more, and
 * the devices run slice by slice, so that what lies between the layers is never held as a whole. Without `all` it ends
 * once each device has shown a layer that differs.
 */
export async function passOverLayers(
  subject: Subject,
  devices: readonly Device[],
  options: VerifyOptions,
  host: Host,
): Promise<LayerPass> {
  const pass = new Pass(subject, devices, options);
  if (devices.length === 0) return pass;
  const { architecture, evaluated, input, sizes } = subject;
  const slices = new Map(slicesOf(subject).map((slice) => [slice.first, slice]));
  host.watcher.begin({ kind: "layers" });
  for (const step of evaluateSteps(architecture, evaluated.weights, input.samples, { sizes })) {
    const slice = slices.get(step.op);
    if (slice && pass.isOver) break;
    if (slice) await pass.load(slice, host);
    pass.compare(step);
    await host.watcher.step(step.op);
  }
  return pass;
}

/** Layers one after another that are fetched from a device together. */
interface Slice {
  readonly first: Op;
  readonly observed: readonly string[];
}

/** What a slice may hold; a device holds it twice while it is sent, and so does this process. */
const mostBytes = 128 * 2 ** 20;

function slicesOf({ architecture, comparison: { made }, input, sizes }: Subject): readonly Slice[] {
  const published = new Set(architecture.outputs.map(({ name }) => name));
  const slices: { readonly first: Op; readonly observed: string[] }[] = [];
  let bytes = 0;
  for (const op of architecture.ops) {
    const name = made.get(op);
    if (name === undefined) continue;
    const size = 4 * input.samples.length * elementsOf(concreteShape(op.output.shape, sizes));
    const last = slices.at(-1);
    const isFull = !last || bytes + size > mostBytes;
    const slice = isFull ? { first: op, observed: [] } : last;
    if (isFull) slices.push(slice);
    bytes = isFull ? size : bytes + size;
    // An output comes with every run.
    if (!published.has(name)) slice.observed.push(name);
  }
  return slices;
}

class Pass implements LayerPass {
  readonly layers: ReadonlyMap<Device, ComparedTensor[]>;
  readonly pairs: ReadonlyMap<string, Distance[]>;
  readonly problems = new Map<Device, string>();
  readonly #subject: Subject;
  readonly #all: boolean;
  readonly #compare: ReadonlyMap<Device, ReturnType<typeof compareWithReference>>;
  /** Of each device that could be followed so far: the tensors of the present slice. */
  readonly #tensors = new Map<Device, ReadonlyMap<string, Float32Array>>();

  constructor(subject: Subject, devices: readonly Device[], { all, tolerance }: VerifyOptions) {
    this.#subject = subject;
    this.#all = all;
    const { architecture, comparison } = subject;
    const compareOn = (device: Device) => compareWithReference(architecture, comparison.precision, device, tolerance);
    this.#compare = new Map(devices.map((device) => [device, compareOn(device)]));
    this.layers = new Map(devices.map((device) => [device, []]));
    this.pairs = new Map(pairsOf(devices).map(([first, second]) => [pairName(first, second), []]));
  }

  get isOver(): boolean {
    const followed = [...this.layers].filter(([device]) => !this.problems.has(device));
    return followed.length === 0 || (!this.#all && followed.every(([, layers]) => layers.some((one) => !one.ok)));
  }

  async load({ observed }: Slice, { run }: Host): Promise<void> {
    for (const device of this.layers.keys()) {
      this.#tensors.delete(device);
      if (this.problems.has(device)) continue;
      const outcome = await run({ ...jobFor(this.#subject, device), observed });
      if (outcome.kind !== "ran") this.problems.set(device, outcome.reason);
      else this.#tensors.set(device, new Map(outcome.run.tensors.map(({ name, data }) => [name, data])));
    }
  }

  compare({ op, outputs }: Step): void {
    const name = this.#subject.comparison.made.get(op);
    if (name === undefined) return;
    for (const [device, tensors] of this.#tensors) {
      const compared = this.#compare.get(device)?.(op.name, op.output, tensors.get(name), outputs);
      if (compared) this.layers.get(device)?.push(compared);
    }
    for (const [[one, found], [other, beside]] of pairsOf([...this.#tensors])) {
      const [values, data] = [found.get(name), beside.get(name)];
      if (!values || !data) throw new Error(`a run has made no ${name}`);
      this.pairs.get(pairName(one, other))?.push({ name: op.name, error: compareTensors(values, [{ data }]) });
    }
  }
}
