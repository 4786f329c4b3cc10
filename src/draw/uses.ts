import type { Site } from "../compiler/ir.ts";
import { textOf } from "../compiler/source.ts";
import type { Part } from "../outline/scopes.ts";

/** Where in the uses of blocks a scope stands. */
export interface Use {
  /** The innermost use that is drawn around it; null for none. */
  readonly site: Site | null;
  /** The use that all of the scope is of, and how many pieces of its label stand above. */
  readonly pending: Site | null;
  readonly segments: number;
}

export const noUse: Use = { site: null, pending: null, segments: 0 };

/**
 * Inside a scope: that it is a use of a block itself, or what it was around it. A label such as `"layer{i}.{j}"` opens a
 * scope that holds nothing but the use.
 */
export function useAt(scope: Part, around: Use): Use {
  const site = innermostUse(scope);
  if (site === null || site === around.site) return around;
  const segments = 1 + (around.pending === site ? around.segments : 0);
  const isWithin = isLoop(scope, site) || (segments < segmentsOf(site) && scope.parts.length === 1);
  return isWithin ? { ...around, pending: site, segments } : { site, pending: null, segments: 0 };
}

/** `Bottleneck` of `Bottleneck(64, 256)`; empty where the scope is no use of a block itself. */
export function nameOfUse({ site }: Use, around: Use): string {
  return site === null || site === around.site ? "" : (/^\w+/.exec(textOf(site.span))?.[0] ?? "");
}

/** How many scopes the label before a use opens. */
function segmentsOf({ span: { source, start } }: Site): number {
  const [, label = ""] = /"([^"\n]*)"\s*:\s*$/.exec(source.text.slice(Math.max(0, start - longestLabel), start)) ?? [];
  return label.replaceAll(/\{[^}]*\}/g, "").split(".").length;
}

const longestLabel = 300;

/**
 * Uses of a block in a loop have one site. Then it is the scopes inside that are the uses: the same statement of the
 * block has made layers in several of them.
 */
function isLoop({ parts }: Part, site: Site | null): boolean {
  if (!parts.every((part) => part.parts.length > 0 && innermostUse(part) === site)) return false;
  const seen = new Set<unknown>();
  return parts.some(({ layers }) => {
    const spans = new Set(layers.map(({ op }) => op.site.span));
    const isAgain = [...spans].some((span) => seen.has(span));
    for (const span of spans) seen.add(span);
    return isAgain;
  });
}

function innermostUse({ layers }: Part): Site | null {
  const chains = layers.map(({ op }) => callersOf(op.site));
  const [first = []] = chains;
  let shared = first.length;
  for (const chain of chains) {
    let at = 0;
    while (at < shared && chain[at] === first[at]) at++;
    shared = at;
  }
  return first[shared - 1] ?? null;
}

/** Outermost first. */
function callersOf(site: Site): readonly Site[] {
  const callers: Site[] = [];
  for (let at = site.caller; at !== null; at = at.caller) callers.unshift(at);
  return callers;
}
