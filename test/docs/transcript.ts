/** A block of ```` ```console ````: commands after `$ `, each with what it prints. */
export interface Step {
  readonly command: string;
  readonly shown: string;
}

export function stepsOf(text: string): readonly Step[] {
  const [before, ...commands] = text.split(/^\$ /m);
  if (before !== "") throw new Error(`a console block begins with "$ ", not with: ${before}`);
  return commands.map((one) => {
    const end = one.indexOf("\n");
    return { command: one.slice(0, end), shown: one.slice(end + 1) };
  });
}

/** As a page shows it: every time of seconds is written as 0.1 s, whatever it was on the machine that ran the tests. */
export function transcriptOf(steps: readonly Step[]): string {
  return steps.map(({ command, shown }) => `$ ${command}\n${shown.replaceAll(seconds, "0.1 s")}`).join("");
}

/**
 * Whether a command printed what the page shows. How long something took is never compared, nor a rounding error, which
 * is another on another processor; a line `…` stands for others.
 */
export function showsSame(shown: string, printed: string): boolean {
  const lines = withoutTimes(shown).split("\n").map(escaped);
  const pattern = lines.map((line) => (line === "…" ? "[\\s\\S]*?" : line)).join("\n");
  return new RegExp(`^${pattern}$`).test(withoutTimes(printed));
}

/**
 * The same for what is measured: figures may be others, with greater or smaller units, but must stand where they stood. A
 * line that is there with some figures only may be missing.
 */
export function showsSameKind(shown: string, printed: string): boolean {
  return showsSame(withoutFigures(shown), withoutFigures(printed));
}

function withoutFigures(text: string): string {
  return text
    .replaceAll(/^not told apart .*\n/gm, "")
    .replaceAll(/\d+(?:[.,]\d+)*/g, "0")
    .replaceAll(/0 (?:[KMG]i)?B\b/g, "0 B")
    .replaceAll(/0 [mµ]?s\b/g, "0 s")
    .replaceAll(/ +/g, " ");
}

const seconds = /\b\d+\.\d+ s\b/g;
/** With the spaces before them: in a column they make room for one another. */
const milliseconds = / +\d+(?:\.\d+)? ms\b/g;
const roundingErrors = / +\d\.\de-(?:0[5-9]|[5-9]|1\d)\b/g;

function withoutTimes(text: string): string {
  return text
    .replaceAll(seconds, "0.1 s")
    .replaceAll(milliseconds, " 0.1 ms")
    .replaceAll(roundingErrors, " 1.0e-7")
    .replaceAll(/[ \t]+$/gm, "");
}

function escaped(line: string): string {
  return line.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** The words of a command line, as a shell splits them. */
export function wordsOf(command: string): readonly string[] {
  return [...command.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, bare]) => single ?? double ?? bare ?? "",
  );
}
