/**
 * The matrix product of the convolutions: C = A·B with A [rows, depth] and B [depth, columns], in float64.
 *
 * Both factors are packed: four rows of A, or four columns of B, lie interleaved with the depth outermost, so that
 * the innermost loop reads both in order and keeps sixteen sums in registers. Missing rows and columns are zeros.
 */

const lanes = 4;

/** Rows (of A) or columns (of B) packed four by four: value (line, k) is at ((line ÷ 4)·depth + k)·4 + line mod 4. */
export interface Packed {
  readonly values: Float64Array;
  readonly lines: number;
  readonly depth: number;
}

export function packedLength(lines: number, depth: number): number {
  return Math.ceil(lines / lanes) * lanes * depth;
}

/** Where value (line, 0) lies; further along the depth every fourth value. */
export function packedStart(line: number, depth: number): number {
  return Math.floor(line / lanes) * depth * lanes + (line % lanes);
}

export const packedStep = lanes;

/** Packs `lines` lines of `depth` values each that lie one after another from `start` of `values`. */
export function pack(values: ArrayLike<number>, start: number, lines: number, depth: number): Packed {
  const packed = new Float64Array(packedLength(lines, depth));
  for (let line = 0; line < lines; line++) {
    let to = packedStart(line, depth);
    const from = start + line * depth;
    for (let k = 0; k < depth; k++, to += lanes) packed[to] = values[from + k] as number;
  }
  return { values: packed, lines, depth };
}

/** Where the product goes: element (row, column) to `values[start + row · rowLength + column]`. */
export interface Target {
  readonly values: Float64Array;
  readonly start: number;
  readonly rowLength: number;
}

/** Writes A·B; the depths are equal. */
export function multiply(a: Packed, b: Packed, target: Target): void {
  for (let row = 0; row < a.lines; row += lanes) {
    for (let column = 0; column < b.lines; column += lanes) {
      multiplyBlock(a.values, row * a.depth, b.values, column * b.depth, a.depth);
      writeBlock(target, row, column, Math.min(lanes, a.lines - row), Math.min(lanes, b.lines - column));
    }
  }
}

const block = new Float64Array(lanes * lanes);

/** Sixteen dot products into `block`. */
function multiplyBlock(a: Float64Array, atA: number, b: Float64Array, atB: number, depth: number): void {
  let s00 = 0;
  let s01 = 0;
  let s02 = 0;
  let s03 = 0;
  let s10 = 0;
  let s11 = 0;
  let s12 = 0;
  let s13 = 0;
  let s20 = 0;
  let s21 = 0;
  let s22 = 0;
  let s23 = 0;
  let s30 = 0;
  let s31 = 0;
  let s32 = 0;
  let s33 = 0;
  const end = atA + depth * lanes;
  for (let i = atA, j = atB; i < end; i += lanes, j += lanes) {
    const x = b[j] as number;
    const y = b[j + 1] as number;
    const z = b[j + 2] as number;
    const t = b[j + 3] as number;
    let w = a[i] as number;
    s00 += w * x;
    s01 += w * y;
    s02 += w * z;
    s03 += w * t;
    w = a[i + 1] as number;
    s10 += w * x;
    s11 += w * y;
    s12 += w * z;
    s13 += w * t;
    w = a[i + 2] as number;
    s20 += w * x;
    s21 += w * y;
    s22 += w * z;
    s23 += w * t;
    w = a[i + 3] as number;
    s30 += w * x;
    s31 += w * y;
    s32 += w * z;
    s33 += w * t;
  }
  block[0] = s00;
  block[1] = s01;
  block[2] = s02;
  block[3] = s03;
  block[4] = s10;
  block[5] = s11;
  block[6] = s12;
  block[7] = s13;
  block[8] = s20;
  block[9] = s21;
  block[10] = s22;
  block[11] = s23;
  block[12] = s30;
  block[13] = s31;
  block[14] = s32;
  block[15] = s33;
}

function writeBlock({ values, start, rowLength }: Target, row: number, column: number, rows: number, columns: number) {
  for (let r = 0; r < rows; r++) {
    const to = start + (row + r) * rowLength + column;
    for (let c = 0; c < columns; c++) values[to + c] = block[r * lanes + c] as number;
  }
}
