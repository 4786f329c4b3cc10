import type { Code } from "../../src/compiler/diagnostics.ts";
import { isImage, type Maker, type Place } from "./place.ts";

/** One rule, broken in one place. What is wrong stands between marks, with what would be right. */
export interface Breakage {
  readonly code: Code;
  /** The statement that breaks it, and what it would make if it were right. */
  readonly make: Maker;
}

/** `bad` where `good` would be right. */
export function wrong(bad: string, good: string): string {
  return `«${bad}¦${good}»`;
}

/** The text as it is wrong, with the place of what is wrong in it; null where nothing is marked. */
export function asWrong(text: string): { readonly text: string; readonly start: number; readonly end: number } | null {
  const match = /«([^¦]*)¦([^»]*)»/.exec(text);
  if (!match) return null;
  const [all, bad = ""] = match;
  const before = text.slice(0, match.index);
  return {
    text: before + bad + text.slice(match.index + all.length),
    start: before.length,
    end: before.length + bad.length,
  };
}

/** The text as it would be right. */
export function asRight(text: string): string {
  return text.replace(/«([^¦]*)¦([^»]*)»/, (_all, _bad, good: string) => good);
}

/** A statement that, were it right, would leave the shape as it is. */
export function keeping(code: Code, text: (at: Place) => string | null): Breakage {
  return {
    code,
    make(at) {
      const made = text(at);
      return made === null ? null : { text: made, shape: at.shape };
    },
  };
}

/** One in the arguments of a convolution, or of a linear layer, that would make three channels. */
export function inArguments(code: Code, bad: (at: Place) => string | null, good = "3"): Breakage {
  return {
    code,
    make(at) {
      const value = bad(at);
      if (value === null) return null;
      const text = isImage(at.shape) ? `conv(1x1, ${wrong(value, good)})` : `linear(${wrong(value, good)})`;
      return { text, shape: { ...at.shape, c: 3 } };
    },
  };
}
