import type { Site, Tensor, TensorRole } from "../ir.ts";

/**
 * A place in the tree of names. The label path of a layer is its place here, the layer's own tensors stand in it,
 * and the tensors of a network are listed place by place in the order in which the labels first appeared.
 * Most places hold either tensors or places, so each collection is made when it is first needed.
 */
export class NameScope {
  /** Joined by dots; empty for the network itself. */
  readonly path: string;
  /** Before the names of what stands inside. */
  readonly #prefix: string;
  #children: Map<string, NameScope> | null = null;
  #stored: { readonly tensors: readonly Tensor[]; readonly site: Site }[] | null = null;
  #ordinals: Map<string, number> | null = null;

  constructor(path: string) {
    this.path = path;
    this.#prefix = path === "" ? "" : `${path}.`;
  }

  /** The place of a label, opened again where it came before. Dots in a label open places inside one another. */
  open(label: string): NameScope {
    if (!label.includes(".")) return this.#child(label);
    let scope: NameScope = this;
    for (const part of label.split(".")) scope = scope.#child(part);
    return scope;
  }

  /** Counts one more of a kind here and names it by its place among them: `conv2`, `relu6_1`. */
  nextName(kind: string): string {
    this.#ordinals ??= new Map();
    const ordinal = (this.#ordinals.get(kind) ?? 0) + 1;
    this.#ordinals.set(kind, ordinal);
    return /\d$/.test(kind) ? `${kind}_${ordinal}` : `${kind}${ordinal}`;
  }

  /** The name of a tensor or layer inside. */
  pathOf(name: string): string {
    return this.#prefix + name;
  }

  /** The layer whose tensor of that role stands here; null where there is none. */
  siteOf(role: TensorRole): Site | null {
    return this.#stored?.find(({ tensors }) => tensors.some((tensor) => tensor.role === role))?.site ?? null;
  }

  /** Adds what the layer at `site` stores. */
  add(tensors: readonly Tensor[], site: Site): void {
    if (this.#stored) this.#stored.push({ tensors, site });
    else this.#stored = [{ tensors, site }];
  }

  /** Own tensors, then those of the places inside. */
  tensors(): readonly Tensor[] {
    const all: Tensor[] = [];
    this.#list(all);
    return all;
  }

  #list(all: Tensor[]): void {
    for (const { tensors } of this.#stored ?? []) all.push(...tensors);
    for (const child of this.#children?.values() ?? []) child.#list(all);
  }

  #child(name: string): NameScope {
    this.#children ??= new Map();
    const known = this.#children.get(name);
    if (known) return known;
    const made = new NameScope(this.pathOf(name));
    this.#children.set(name, made);
    return made;
  }
}
