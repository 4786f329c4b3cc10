import { didYouMean } from "./wording.ts";

/**
 * What can be wrong with the text before it means anything. `found` and `expected` come in words, quoted where they
 * stand for text.
 */
export const syntaxMessages = {
  "bad-character": {
    severity: "error",
    message: ({ characters }: { characters: string; help: string }) => `${characters} means nothing here`,
    help: ({ help }: { characters: string; help: string }) => help,
  },
  "bad-number": {
    severity: "error",
    message: ({ text }: { text: string; help: string }) => `\`${text}\` is not a number`,
    help: ({ help }: { text: string; help: string }) => help,
  },
  "bad-name": {
    severity: "error",
    message: ({ name }: { name: string }) =>
      `the name \`${name}\` has letters beyond A–Z; names are made of the letters A–Z and a–z, digits and _`,
  },
  "dotted-name": {
    severity: "error",
    message: ({ name }: { name: string; instead: string }) => `\`${name}\` is not a name: names have no dots`,
    help: ({ instead }: { name: string; instead: string }) => `write \`${instead}\``,
  },
  "unclosed-text": {
    severity: "error",
    message: () => "this text is not closed on its line",
    help: () => 'end it with `"`',
  },
  "foreign-quotes": {
    severity: "error",
    message: ({ quote }: { quote: string }) => `texts do not stand between ${quote}`,
    help: () => 'put the text between straight double quotes: `"…"`',
  },
  "foreign-comment": {
    severity: "error",
    message: ({ mark }: { mark: string }) => `\`${mark}\` does not begin a comment`,
    help: () => "a comment begins with `#`; `##` documents the declaration below it",
  },
  "floor-division": {
    severity: "error",
    message: () => "there is no operator `//`",
    help: () => "write `floor(a / b)`; a comment begins with `#`",
  },
  "foreign-operator": {
    severity: "error",
    message: ({ found }: { found: string; instead: string }) => `there is no operator \`${found}\``,
    help: ({ instead }: { found: string; instead: string }) => `write \`${instead}\``,
  },
  "foreign-word": {
    severity: "error",
    message: ({ word }: { word: string; help: string }) => `\`${word}\` is not a word of this language`,
    help: ({ help }: { word: string; help: string }) => help,
  },
  "unknown-escape": {
    severity: "error",
    message: ({ escape: written }: { escape: string }) => `\`${written}\` is not an escape`,
    help: () => 'a text knows `\\"`, `\\\\`, `\\n`, `\\t`, `\\{` and `\\}`',
  },
  "unclosed-interpolation": {
    severity: "error",
    message: () => "this `{` in a label is not closed",
    help: () => 'an expression in a label stands between braces, as in `"layer{i}"`; for the character write `\\{`',
  },
  "empty-interpolation": {
    severity: "error",
    message: () => "nothing stands between these braces",
    help: () => 'put an expression between them, as in `"layer{i}"`; for the characters write `\\{\\}`',
  },
  "unopened-interpolation": {
    severity: "error",
    message: () => "this `}` in a label closes nothing",
    help: () => "for the character write `\\}`",
  },
  "unknown-word": {
    severity: "error",
    message: ({ word }: { word: string; meant: string }) => `\`${word}\` is neither a word of the language nor a layer`,
    help: ({ meant }: { word: string; meant: string }) => didYouMean(meant),
  },
  "unexpected-token": {
    severity: "error",
    message: ({ found, expected }: { found: string; expected: string }) => `expected ${expected}, but found ${found}`,
  },
  "unexpected-end": {
    severity: "error",
    message: ({ expected }: { expected: string }) => `expected ${expected}, but nothing follows`,
  },
  "reserved-word": {
    severity: "error",
    message: ({ word, expected }: { word: string; expected: string }) =>
      `expected ${expected}, but \`${word}\` is a reserved word`,
    help: () => "choose another name; only a label may be a reserved word",
  },
  "unclosed-bracket": {
    severity: "error",
    message: ({ expected, open }: { expected: string; open: string }) =>
      expected === "" ? `this \`${open}\` is not closed` : `expected ${expected}`,
    help: ({ expected, open }: { expected: string; open: string }) =>
      expected === "" ? "close it, or take it away" : `close the \`${open}\``,
  },
  "unopened-bracket": {
    severity: "error",
    message: ({ open, after }: { open: string; after: string }) => `expected \`${open}\` after \`${after}\``,
    help: ({ open }: { open: string; after: string }) => `open the bracket that is closed further on: \`${open}\``,
  },
  "unclosed-body": {
    severity: "error",
    message: ({ found }: { found: string }) => `expected \`}\` before ${found}`,
  },
  "unmatched-close": {
    severity: "error",
    message: ({ found, early = false }: Close) => `this \`${found}\` ${early ? "comes too early" : "closes nothing"}`,
    help: ({ early = false }: Close) =>
      early ? "take it away, or open what it closes" : "take it away, or look for a bracket that is closed too early",
  },
  "outside-network": {
    severity: "error",
    message: ({ found }: { found: string }) => `${found} stands outside every network and block`,
    help: () => "a file holds `network`, `block`, `fn`, `let` and `import`; look for a `}` too many above",
  },
  "nested-declaration": {
    severity: "error",
    message: ({ word }: { word: string }) => `\`${word}\` cannot stand inside a body`,
    help: () => "declare it at the top of the file, outside all braces",
  },
  "bare-bracket": {
    severity: "error",
    message: ({ found }: { found: string }) => `no statement begins with \`${found}\``,
    help: ({ found }: { found: string }) =>
      found === "{" ? "give the scope a label: `name: { … }`" : "a value gets a name by `let name = …`",
  },
  assignment: {
    severity: "error",
    message: ({ name }: { name: string; layer: boolean }) => `\`${name}\` cannot be assigned to`,
    help: ({ name, layer }: { name: string; layer: boolean }) => {
      const tensor = `to name a tensor write \`-> ${name}\` after the layer that makes it`;
      return layer ? tensor : `${tensor}, to name a value \`let ${name} = …\``;
    },
  },
  "tensor-arithmetic": {
    severity: "error",
    message: ({ operator }: { operator: string }) => `\`${operator}\` cannot stand between layers`,
    help: () => "join the current tensor with a named one by `add(x)`, `mul(x)` or `concat(x)`",
  },
  "conditional-order": {
    severity: "error",
    message: () => "a choice begins with its condition",
    help: () => "write `if c then a else b`",
  },
  "misplaced-not": {
    severity: "error",
    message: ({ operator }: { operator: string }) => `\`not\` cannot follow \`${operator}\`, which binds tighter`,
    help: () => "put it in parentheses: `(not …)`",
  },
  "range-of-ranges": {
    severity: "error",
    message: () => "a range has two ends",
    help: () => "write `a..b`",
  },
} as const;

export interface Close {
  readonly found: string;
  /** It closes something, and so takes the bracket away from one behind it. */
  readonly early?: boolean;
}
