import type { IToken } from "chevrotain";
import { Landmarks } from "../../../grammar/landmarks.ts";
import * as t from "../../../grammar/tokens.ts";
import type { Report } from "../diagnostics.ts";
import type { Source } from "../source.ts";

/** What is said of an import of another language. */
export const importHelp = 'write `import { A, B } from "./file.dnet"`; layers need no import';

/** Reports the lines `from std.densenet import DenseNet` and `import torch.nn as nn`, and reads nothing of them. */
export function withoutForeignImports(tokens: IToken[], source: Source, report: Report): IToken[] {
  if (!tokens.some((token) => token.tokenType === t.DottedName)) return tokens;
  const landmarks = new Landmarks(tokens, source.text);
  const kept: IToken[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const [word, module, next] = tokens.slice(i, i + 3) as [IToken, IToken?, IToken?];
    const from = word.tokenType === t.From && next?.tokenType === t.Import;
    const dotted = module?.tokenType === t.DottedName && landmarks.beginsLine(i);
    if (!module || !dotted || (!from && word.tokenType !== t.Import)) {
      kept.push(word);
      continue;
    }
    const end = endOfLine(tokens, landmarks, i);
    const names = tokens.slice(i + 3, end + 1).filter((token) => token.tokenType === t.Name);
    const span = { source, start: word.startOffset, end: word.startOffset + word.image.length };
    const help = from ? libraryHelp(module.image, names) : null;
    report(
      "unexpected-token",
      span,
      { found: `\`${word.image} ${module.image}\``, expected },
      { help: help ?? importHelp },
    );
    i = end;
  }
  return kept;
}

const expected = "an import of names from a file";

/** Null for what is not of the library that ships with dnetc. */
function libraryHelp(module: string, names: readonly IToken[]): string | null {
  if (!module.startsWith("std.") || names.length === 0) return null;
  const imported = names.map((name) => name.image).join(", ");
  return `write \`import { ${imported} } from "${module.replaceAll(".", "/")}"\``;
}

function endOfLine(tokens: readonly IToken[], landmarks: Landmarks, from: number): number {
  let index = from;
  while (index + 1 < tokens.length && !landmarks.beginsLine(index + 1)) index++;
  return index;
}
