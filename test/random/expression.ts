import { fresh, type Place } from "./place.ts";

/** A whole number of at least 0 as an expression; mostly as it is. */
export function number(at: Place, n: number): string {
  if (at.pick(3) < 2) return `${n}`;
  const k = 1 + at.pick(5);
  const forms = [...sums(n, k), ...lists(n, k), ...choices(at, n, k), ...named(at, n)];
  const chosen = at.pick(forms.length + 6);
  return forms[chosen] ?? declared(at, n, k);
}

/** The same in parentheses, where it is more than one word. */
export function operand(at: Place, n: number): string {
  const text = number(at, n);
  return /^\w+$/.test(text) ? text : `(${text})`;
}

function sums(n: number, k: number): readonly string[] {
  return [
    `${n + k} - ${k}`,
    `${n * k} / ${k}`,
    `2 * ${n} - ${n}`,
    `-${k} + ${n + k}`,
    `${k}.5 * 2 + ${n} - ${2 * k + 1}`,
    `${n + 10 * k * (n + 1)} % ${n + 1}`,
    `${k} ^ 2 + ${n} - ${k * k}`,
    `floor((${n * k} + ${k - 1}) / ${k})`,
    `ceil(${n} - 1 / ${k + 1})`,
    `round(${n} + 0.4)`,
    `abs(-${n})`,
    `1K + ${n} - 1_000`,
  ];
}

function lists(n: number, k: number): readonly string[] {
  return [
    `min(${n}, ${n + k})`,
    `max([0, ${n}])`,
    `len(0..${n})`,
    `sum([${k}, ${n}, -${k}])`,
    `[${k}, ${n}, 0][1]`,
    `[0, ${k}, ${n}, 1][1..3][1]`,
    `reverse([${n}, ${k}])[1]`,
    `[${k} + x for x in [0, ${n}]][1] - ${k}`,
    `[a * b for [a, b] in [[${n}, 1], [2, 3]]][0]`,
    `${k}x${n}[1]`,
    `sum([1 for _ in 0..${n}])`,
  ];
}

function choices(at: Place, n: number, k: number): readonly string[] {
  const [yes, no] = [condition(at, true), condition(at, false)];
  return [
    `if ${yes} then ${n} else ${k}`,
    `if ${no} then ${k} else ${n}`,
    `let x = ${k} in x + ${n} - ${k}`,
    `(if ${yes} then ${n + k} else 0) - ${k}`,
  ];
}

/** Names in force that stand for it. */
function named(at: Place, n: number): readonly string[] {
  const { program, scope, shape } = at;
  const sizes = [
    ["channels", shape.c],
    ...(shape.h === null ? [] : [["height", shape.h] as const, ["width", shape.w] as const]),
  ] as const;
  const known = [...program.values, ...scope.values].filter(({ value }) => value === n).map(({ text }) => text);
  const here = sizes.filter(([, size]) => size === n).map(([name]) => name);
  return [...known, ...here];
}

/** A new value or function of the file. */
function declared({ program }: Place, n: number, k: number): string {
  const id = fresh(program);
  if (k % 2 === 0) {
    program.declarations.push({ name: `value${id}`, text: `let value${id} = ${n + k} - ${k}` });
    program.values.push({ text: `value${id}`, value: n });
    return `value${id}`;
  }
  program.declarations.push({ name: `shifted${id}`, text: `fn shifted${id}(x, by) = x + by - ${k}` });
  return `shifted${id}(${n}, ${k})`;
}

/** A condition that holds, or one that does not. */
export function condition(at: Place, holds: boolean): string {
  const { shape } = at;
  const c = shape.c;
  const right = [
    "true",
    `channels == ${c}`,
    `0 < channels <= ${c}`,
    `not (channels != ${c})`,
    `channels >= ${c} and 2 > 1`,
    `1 == 2 or channels < ${c + 1}`,
    "0.1 + 0.2 == 0.3",
    "1 / 3 * 3 == 1",
    `3x3 == [3, 3] and [1, 2] != [2, 1]`,
  ] as const;
  const wrong = [
    "false",
    `channels != ${c}`,
    `channels > ${c}`,
    "not true",
    "1 > 2 and true",
    `channels == ${c + 1} or false`,
  ] as const;
  return at.one<string>(holds ? right : wrong);
}

/** A size, height before width. */
export function size(at: Place, y: number, x: number): string {
  const both = [`${y}x${x}`, `[${number(at, y)}, ${number(at, x)}]`];
  return y === x ? at.one([`${y}`, number(at, y), ...both]) : at.one(both);
}

/** Arguments with a default: those that are given, by name. */
export function options(given: readonly (readonly [string, string | null])[]): string {
  return given.map(([name, value]) => (value === null ? "" : `, ${name} = ${value}`)).join("");
}
