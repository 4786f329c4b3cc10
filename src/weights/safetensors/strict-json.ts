/** A JSON text, and what JSON.parse lets through. */
export interface StrictJson {
  readonly value: unknown;
  /** The first key that its object has already; null where there is none. */
  readonly duplicate: string | null;
  /** The first number that is not written in digits alone; null where there is none. */
  readonly oddNumber: string | null;
}

/** Parses bytes as JSON in UTF-8. Null where they are no such thing. */
export function strictJson(bytes: Uint8Array): StrictJson | null {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return { value: JSON.parse(text), ...oddities(text) };
  } catch (error) {
    // Bytes that are not UTF-8, and text that is not JSON.
    if (error instanceof TypeError || error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Of text that is JSON. */
function oddities(text: string): Omit<StrictJson, "value"> {
  const found: { duplicate: string | null; oddNumber: string | null } = { duplicate: null, oddNumber: null };
  const open: Set<string>[] = [];
  const token = /["{}]|-?\d[-+.\deE]*/g;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [start] = match;
    if (start === "{") open.push(new Set());
    else if (start === "}") open.pop();
    else if (start !== '"') found.oddNumber ??= /^\d+$/.test(start) ? null : start;
    else {
      const end = endOfString(text, match.index);
      token.lastIndex = end;
      const keys = open.at(-1);
      if (!keys || !isKey(text, end)) continue;
      const key = JSON.parse(text.slice(match.index, end)) as string;
      if (keys.has(key)) found.duplicate ??= key;
      keys.add(key);
    }
  }
  return found;
}

/** Where the string that begins at `start` has ended; found without a pattern, since strings may be of any length. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); ; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text[end - 1 - backslashes] === "\\") backslashes++;
    if (backslashes % 2 === 0) return end + 1;
  }
}

function isKey(text: string, from: number): boolean {
  let at = from;
  while (" \t\r\n".includes(text[at] ?? "x")) at++;
  return text[at] === ":";
}
