/**
 * The matrix product of the convolutions: C += A·B with A [rows, depth] and B [depth, columns], in float64.
 *
 * Both factors are packed: four rows of A, or two columns of B, lie interleaved with the depth outermost, so that the
 * innermost loop reads both in order and keeps eight sums, as many as the registers hold beside their products. Missing
 * rows and columns are zeros. The caller passes B in parts that stay in a cache: some columns, and some of the depth.
 */

/** Rows of A: value (row, k) is at (row ÷ 4)·panel + 4·k + row mod 4. */
export interface PackedRows {
  readonly values: Float64Array;
  readonly rows: number;
  readonly panel: number;
}

/** Packs `rows` rows of `depth` values each that lie one after another from `start` of `values`. */
export function packRows(values: Float32Array | Float64Array, start: number, rows: number, depth: number): PackedRows {
  const panel = 4 * depth;
  const packed = new Float64Array(Math.ceil(rows / 4) * panel);
  for (let row = 0; row < rows; row++) {
    let to = Math.floor(row / 4) * panel + (row % 4);
    const from = start + row * depth;
    for (let k = 0; k < depth; k++, to += 4) packed[to] = values[from + k] as number;
  }
  return { values: packed, rows, panel };
}

/** A part of B, `depth` values of each column from value `first` on: (k, column) is at (column ÷ 2)·panel + 2·k + column mod 2. */
export interface PackedColumns {
  readonly values: Float64Array;
  readonly columns: number;
  readonly panel: number;
  readonly first: number;
  readonly depth: number;
}

/** Where the product is added: element (row, column) at `values[start + row · rowLength + column]`. */
export interface Target {
  readonly values: Float64Array;
  readonly start: number;
  readonly rowLength: number;
}

/** Adds what `b` contributes to A·B. */
export function addProduct(a: PackedRows, b: PackedColumns, { values, start, rowLength }: Target): void {
  for (let row = 0; row < a.rows; row += 4) {
    const atA = (row / 4) * a.panel + 4 * b.first;
    const isWhole = row + 4 <= a.rows;
    for (let column = 0; column < b.columns; column += 2) {
      const atB = (column / 2) * b.panel;
      const to = start + row * rowLength + column;
      if (isWhole && column + 2 <= b.columns) {
        addBlock(a.values, atA, b.values, atB, b.depth, values, to, rowLength);
      } else {
        block.fill(0);
        addBlock(a.values, atA, b.values, atB, b.depth, block, 0, 2);
        addPart(values, to, rowLength, Math.min(4, a.rows - row), Math.min(2, b.columns - column));
      }
    }
  }
}

const block = new Float64Array(8);

function addPart(values: Float64Array, start: number, rowLength: number, rows: number, columns: number): void {
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      const to = start + r * rowLength + c;
      values[to] = (values[to] as number) + (block[2 * r + c] as number);
    }
  }
}

/**
 * Adds eight dot products. Most of the time of a network is spent here: `| 0` saves the engine to look for overflows,
 * and numbers that are written out are not loaded in every round, as constants of the module would be.
 */
function addBlock(
  a: Float64Array,
  atA: number,
  b: Float64Array,
  atB: number,
  depth: number,
  to: Float64Array,
  row0: number,
  rowLength: number,
): void {
  const row1 = row0 + rowLength;
  const row2 = row1 + rowLength;
  const row3 = row2 + rowLength;
  let s00 = to[row0] as number;
  let s01 = to[row0 + 1] as number;
  let s10 = to[row1] as number;
  let s11 = to[row1 + 1] as number;
  let s20 = to[row2] as number;
  let s21 = to[row2 + 1] as number;
  let s30 = to[row3] as number;
  let s31 = to[row3 + 1] as number;
  const end = (atA + 4 * depth) | 0;
  for (let i = atA | 0, j = atB | 0; i < end; i = (i + 4) | 0, j = (j + 2) | 0) {
    const x = b[j] as number;
    const y = b[(j + 1) | 0] as number;
    const w0 = a[i] as number;
    s00 += w0 * x;
    s01 += w0 * y;
    const w1 = a[(i + 1) | 0] as number;
    s10 += w1 * x;
    s11 += w1 * y;
    const w2 = a[(i + 2) | 0] as number;
    s20 += w2 * x;
    s21 += w2 * y;
    const w3 = a[(i + 3) | 0] as number;
    s30 += w3 * x;
    s31 += w3 * y;
  }
  to[row0] = s00;
  to[row0 + 1] = s01;
  to[row1] = s10;
  to[row1 + 1] = s11;
  to[row2] = s20;
  to[row2 + 1] = s21;
  to[row3] = s30;
  to[row3 + 1] = s31;
}
