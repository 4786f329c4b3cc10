import type { Code, Related, Report } from "../diagnostics.ts";
import type { Architecture, Op, Site } from "../ir.ts";
import { isLibrary } from "../resolve/link.ts";
import type { Span } from "../source.ts";
import { bareConv } from "./bare-conv.ts";
import { biasBeforeNorm } from "./bias-before-norm.ts";
import { convCuts } from "./conv-cuts.ts";
import { idleActivation } from "./idle-activation.ts";
import { idleTaps } from "./idle-taps.ts";
import { normTwice } from "./norm-twice.ts";
import type { Linted, Rule } from "./rule.ts";
import { widthMultiple } from "./width-multiple.ts";

/** Reports, once for each place of the source, what every rule finds in all networks. */
export function lint(architectures: readonly Architecture[], report: Report): void {
  runRule(widthMultiple, architectures, report);
  runRule(convCuts, architectures, report);
  runRule(bareConv, architectures, report);
  runRule(biasBeforeNorm, architectures, report);
  runRule(idleActivation, architectures, report);
  runRule(normTwice, architectures, report);
  runRule(idleTaps, architectures, report);
}

interface Place<F> {
  readonly span: Span;
  readonly related: readonly Related[];
  readonly facts: [F, ...F[]];
}

function runRule<C extends Code, F>(rule: Rule<C, F>, architectures: readonly Architecture[], report: Report): void {
  const places = new Map<Span, Place<F>>();
  for (const architecture of architectures) {
    for (const { op, fact } of rule.find(lintedOf(architecture))) {
      const span = ownPlace(op, architecture);
      const known = places.get(span);
      if (known) known.facts.push(fact);
      else places.set(span, { span, related: around(op, span), facts: [fact] });
    }
  }
  for (const { span, related, facts } of places.values()) {
    const said = rule.say(facts);
    report(rule.code, span, said.facts, { ...said.extra, related: [...(said.extra?.related ?? []), ...related] });
  }
}

function lintedOf({ ops, trainingOps, outputs }: Architecture): Linted {
  return {
    ops: trainingOps.length > 0 ? [...ops, ...trainingOps] : ops,
    published: new Set(outputs.map(({ activation }) => activation)),
  };
}

/** Where the author can change it: in the library nobody can, so its use counts, or the network that varies it. */
function ownPlace(op: Op, { span }: Architecture): Span {
  for (let at: Site | null = op.site; at; at = at.caller) if (!isLibrary(at.span.source.path)) return at.span;
  return span;
}

/** The first place in the library, or the uses of the blocks around; a long chain is cut. */
function around({ site }: Op, span: Span): readonly Related[] {
  if (site.span !== span) return [{ span: site.span, message: "where it begins" }];
  const related: Related[] = [];
  for (let at = site.caller; at && related.length < shownUses; at = at.caller) {
    related.push({ span: at.span, message: "used here" });
  }
  return related;
}

const shownUses = 3;
