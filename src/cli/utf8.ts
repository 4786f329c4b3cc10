/** Text, or why bytes are none. */
export type Decoded = { readonly text: string } | { readonly text: null; readonly reason: string };

/** Of bytes that are not `whole`, the last character may be cut in two, and is dropped. */
export function decodeUtf8(bytes: Uint8Array, whole: boolean): Decoded {
  const text = bytes.includes(0) ? null : decode(bytes, !whole);
  return text === null ? { text, reason: reasonAgainst(bytes) } : { text };
}

function decode(bytes: Uint8Array, isStream: boolean): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes, { stream: isStream });
  } catch {
    return null;
  }
}

function reasonAgainst(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return "it is UTF-16 text, not UTF-8";
  const before = decode(bytes.subarray(0, goodBytes(bytes)), false) ?? "";
  const lines = before.split(/\r\n|\n|\r/);
  const place = `at line ${lines.length}, column ${(lines.at(-1) ?? "").length + 1}`;
  const byte = bytes[goodBytes(bytes)] ?? 0;
  if (byte === 0) return `it is not text: there is a NUL byte ${place}`;
  return `it is not UTF-8 text: the byte 0x${byte.toString(16).padStart(2, "0")} ${place}`;
}

/** How many bytes there are before the first that is wrong. */
function goodBytes(bytes: Uint8Array): number {
  const nul = bytes.indexOf(0);
  const end = nul < 0 ? bytes.length : nul;
  let low = 0;
  let high = end;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (decode(bytes.subarray(0, middle), true) === null) high = middle - 1;
    else low = middle;
  }
  // The last character may have begun well.
  while (decode(bytes.subarray(0, low), false) === null) low--;
  return low;
}
