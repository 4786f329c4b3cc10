/** A JSON text, and what JSON.parse lets through. */
export interface StrictJson {
  readonly value: unknown;
  /** The first key that its object has already; null where there is none. */
  readonly duplicate: string | null;
  /** The first number that is not written in digits alone; null where there is none. */
  readonly oddNumber: string | null;
}

/**
 * Parses bytes as JSON in UTF-8. Null where they are no such thing, or nested deeper than `deepest` brackets: what would
 * only use up memory is found before a value is made of it.
 */
export function strictJson(bytes: Uint8Array, deepest: number): StrictJson | null {
  return unlessMalformed(() => {
    const text = decoder.decode(bytes);
    const found = oddities(text, deepest);
    return found && { value: JSON.parse(text), ...found };
  });
}

/** What bytes that begin with a quotation mark say as JSON in UTF-8; null where they are no such thing. */
export function jsonString(bytes: Uint8Array): string | null {
  return unlessMalformed(() => JSON.parse(decoder.decode(bytes)) as string);
}

/** Null for bytes that are not UTF-8, and for text that is not JSON. */
function unlessMalformed<Result>(read: () => Result): Result | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof TypeError || error instanceof SyntaxError) return null;
    throw error;
  }
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Of text that is JSON; whether it is, remains to be seen. Null where it is nested too deeply. */
function oddities(text: string, deepest: number): Omit<StrictJson, "value"> | null {
  const found: { duplicate: string | null; oddNumber: string | null } = { duplicate: null, oddNumber: null };
  /** The keys of the objects that are open; null for lists. */
  const open: (Set<string> | null)[] = [];
  const token = /["{}[\]]|-?\d[-+.\deE]*/g;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [start] = match;
    if (start === "{" || start === "[") {
      if (open.push(start === "{" ? new Set() : null) > deepest) return null;
    } else if (start === "}" || start === "]") open.pop();
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
    if (end < 0) throw new SyntaxError("a string has no end");
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
