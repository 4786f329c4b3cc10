import type { NetworkDeclaration, VariantDeclaration } from "./ast/program.ts";
import type { Declared, Resolution, Unit } from "./resolve/resolution.ts";
import { rootOf } from "./resolve/resolve.ts";

export type DeclaredNetwork = Declared<NetworkDeclaration | VariantDeclaration>;

/** The names of the networks that a file itself declares, in the order of the text. */
export function networkNames(unit: Unit): readonly string[] {
  return ownNetworks(unit).map((one) => one.declaration.name.text);
}

/**
 * The network of that name, or every one whose parameters all have a value; a library's others wait for a variant.
 * Where `set` completes none, those that take some of it: they lack another, which will be said.
 */
export function chooseNetworks(
  unit: Unit,
  name: string | null,
  set: ReadonlyMap<string, string>,
  resolution: Resolution,
): readonly DeclaredNetwork[] {
  const own = ownNetworks(unit);
  if (name !== null) return own.filter((one) => one.declaration.name.text === name);
  const complete = own.filter((one) => isComplete(one, set, resolution));
  if (complete.length > 0) return complete;
  return own.filter((one) => parameterNames(one, resolution).some((parameter) => set.has(parameter)));
}

export function ownNetworks(unit: Unit): readonly DeclaredNetwork[] {
  const networks: DeclaredNetwork[] = [];
  for (const declaration of unit.program.declarations) {
    const isNetwork = declaration.kind === "network" || declaration.kind === "variant";
    if (isNetwork && unit.declared.get(declaration.name.text)?.declaration === declaration) {
      networks.push({ declaration, unit });
    }
  }
  return networks;
}

function isComplete(network: DeclaredNetwork, set: ReadonlyMap<string, string>, resolution: Resolution): boolean {
  const given = new Set<string>(set.keys());
  let at: DeclaredNetwork | undefined = network;
  while (at?.declaration.kind === "variant") {
    for (const name of resolution.bound.get(at.declaration)?.keys() ?? []) given.add(name);
    at = resolution.bases.get(at.declaration);
  }
  const root = at?.declaration;
  if (root?.kind !== "network") return false;
  return root.params.every((param) => param.default !== null || given.has(param.name.text));
}

/** The parameters that `--set` can give. */
export function parameterNames(network: DeclaredNetwork, resolution: Resolution): readonly string[] {
  return rootNetwork(network, resolution)?.params.map((param) => param.name.text) ?? [];
}

/** The symbolic sizes that `--dim` can give. */
export function sizeNames(network: DeclaredNetwork, resolution: Resolution): readonly string[] {
  const input = rootNetwork(network, resolution)?.body.statements.find((one) => one.kind === "input");
  const names = (input?.sizes ?? []).flatMap((size) =>
    size.kind === "name" && resolution.symbols.has(size) ? [size.text] : [],
  );
  return [...new Set(names)];
}

function rootNetwork({ declaration, unit }: DeclaredNetwork, resolution: Resolution): NetworkDeclaration | null {
  return declaration.kind === "network" ? declaration : rootOf(declaration, resolution, unit);
}
