/** A plane, or every so many rows and columns of one: value (i, j) is at `start + i · down + j · right`. */
export interface Grid {
  readonly data: Float64Array;
  readonly start: number;
  readonly down: number;
  readonly right: number;
}

/** Adds `factor` times one grid to another, over the given rows and columns: what one tap of a kernel contributes. */
export function addTap(to: Grid, from: Grid, factor: number, rows: number, columns: number): void {
  for (let i = 0; i < rows; i++) {
    let place = to.start + i * to.down;
    let source = from.start + i * from.down;
    for (let j = 0; j < columns; j++, place += to.right, source += from.right) {
      to.data[place] = (to.data[place] as number) + factor * (from.data[source] as number);
    }
  }
}
