/** A key of a JSON object, and what it stands for: both as bytes of JSON, of which nothing else has been looked at. */
export interface Entry {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/**
 * The entries of the JSON object that begins `bytes`, one after another, so that no more of it is ever parsed than one.
 * Returns where it ends, or null where this is no JSON object; the keys and values may still be no JSON.
 */
export function* entriesOf(bytes: Uint8Array): Generator<Entry, number | null> {
  let at = afterSpaces(bytes, 0);
  if (bytes[at++] !== openBrace) return null;
  at = afterSpaces(bytes, at);
  if (bytes[at] === closeBrace) return at + 1;
  for (;;) {
    const keyEnd = bytes[at] === quote ? endOfString(bytes, at) : null;
    if (keyEnd === null) return null;
    const colonAt = afterSpaces(bytes, keyEnd);
    const valueAt = afterSpaces(bytes, colonAt + 1);
    const valueEnd = bytes[colonAt] === colon ? endOfValue(bytes, valueAt) : null;
    if (valueEnd === null) return null;
    yield { key: bytes.subarray(at, keyEnd), value: bytes.subarray(valueAt, valueEnd) };
    const next = afterSpaces(bytes, valueEnd);
    if (bytes[next] === closeBrace) return next + 1;
    if (bytes[next] !== comma) return null;
    at = afterSpaces(bytes, next + 1);
  }
}

const [quote, backslash, comma, colon] = [0x22, 0x5c, 0x2c, 0x3a] as const;
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d] as const;

function afterSpaces(bytes: Uint8Array, from: number): number {
  let at = from;
  while (isSpace(bytes[at])) at++;
  return at;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d;
}

/** Where the string that begins at `start` has ended; null where it does not. */
function endOfString(bytes: Uint8Array, start: number): number | null {
  for (let end = bytes.indexOf(quote, start + 1); end >= 0; end = bytes.indexOf(quote, end + 1)) {
    let before = end;
    while (bytes[before - 1] === backslash) before--;
    if ((end - before) % 2 === 0) return end + 1;
  }
  return null;
}

/** Where a value has ended: a string, what is in brackets, or what is up to a comma, a bracket or a space. */
function endOfValue(bytes: Uint8Array, start: number): number | null {
  let depth = 0;
  for (let at = start; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === quote) {
      const end = endOfString(bytes, at);
      if (end === null || depth === 0) return end;
      at = end - 1;
    } else if (byte === openBrace || byte === openBracket) depth++;
    else if (byte === closeBrace || byte === closeBracket) {
      if (depth === 0) return at;
      if (--depth === 0) return at + 1;
    } else if (depth === 0 && (byte === comma || isSpace(byte))) return at;
  }
  return null;
}
