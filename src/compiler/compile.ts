import { type Diagnostic, Diagnostics } from "./diagnostics.ts";
import { elaborateNetwork } from "./elaborate/network.ts";
import type { Architecture } from "./ir.ts";
import { reportLimits } from "./limit-report.ts";
import { defaultLimits, type Limits } from "./limits.ts";
import { lint } from "./lint/lint.ts";
import { chooseNetworks, networkNames } from "./networks.ts";
import { link } from "./resolve/link.ts";
import { resolve } from "./resolve/resolve.ts";
import { reportUnused } from "./resolve/unused.ts";
import { Session } from "./session.ts";
import { readSettings } from "./settings.ts";
import type { Source } from "./source.ts";
import { verify } from "./verify.ts";

export interface CompileOptions {
  /**
   * The text of an imported file, or null where there is none. `path` is that of the importing file with the
   * import followed from its folder.
   */
  readonly load: (path: string) => string | null;
  /**
   * Only this network, by name or chosen from the names in the order of declaration; null: every network of the file
   * whose parameters all have a value.
   */
  readonly network: string | null | ((names: readonly string[]) => string | null);
  /** `--set name=value`: expressions of the language, for the chosen networks. */
  readonly set: ReadonlyMap<string, string>;
  /** `--dim H=224` */
  readonly dims: ReadonlyMap<string, string>;
  readonly limits: Limits;
  /** Also report what is right and yet slow or seldom meant; without it, that is not looked for. */
  readonly lint: boolean;
}

export interface Compilation {
  /** The chosen networks in the order of declaration; empty if there is any error. */
  readonly architectures: readonly Architecture[];
  readonly diagnostics: readonly Diagnostic[];
  /** The names of all networks of the file, in the order of declaration. */
  readonly networks: readonly string[];
  /** What was read, each file once, in the order in which it was first read: the main file, then imports, `std/` too. */
  readonly sources: readonly Source[];
}

/** No files but the library, all networks, the declared parameters, open sizes. */
const defaults: CompileOptions = {
  load: () => null,
  network: null,
  set: new Map(),
  dims: new Map(),
  limits: defaultLimits,
  lint: false,
};

/**
 * Text to checked networks: parse and follow imports, find what every name means, unroll and check each network.
 * Never throws for what a user wrote; what is wrong is in the diagnostics.
 */
export function compile(source: Source, given: Partial<CompileOptions> = {}): Compilation {
  const options = { ...defaults, ...given };
  const found = new Diagnostics(options.limits.messages);
  const session = new Session(found.report, options.limits);
  const architectures: Architecture[] = [];
  const sources: Source[] = [];
  const networks: string[] = [];
  reportLimits(source, found, options.limits, () => {
    const { main, units, isWhole } = link(source, options.load, session);
    sources.push(...units.map((unit) => unit.program.source));
    networks.push(...networkNames(main));
    const resolution = isWhole ? resolve(units, session) : null;
    if (!resolution) return;
    const name = typeof options.network === "function" ? options.network(networks) : options.network;
    const chosen = chooseNetworks(main, name, options.set, resolution);
    const settings = readSettings(options, chosen, main, resolution, session);
    for (const network of chosen) {
      const architecture = settings && elaborateNetwork(network, settings, resolution, session);
      if (architecture) architectures.push(verify(architecture));
    }
    if (options.lint && !found.hasErrors) lint(architectures, found.report);
    // What is unused is so in all networks.
    session.variant = null;
    if (!found.hasErrors) reportUnused(main, resolution, session);
  });
  return { architectures: found.hasErrors ? [] : architectures, diagnostics: found.sorted(sources), networks, sources };
}
