import type { Architecture } from "../../compiler/ir.ts";
import { decode, storedBytes } from "../decode.ts";
import type { ReadStretch } from "../make.ts";
import type { StoredType } from "../recipe.ts";
import type { MappedTensor } from "./mapped.ts";
import type { Pairing } from "./match.ts";
import { type Mismatch, nameOf, type StrangeValues } from "./mismatches.ts";

/** At most this much is read at a time. */
const stretch = 2 ** 22;

export type Strange = Extract<Mismatch, StrangeValues>;

/**
 * What is strange in the values of tensors: those that are no numbers, those that float32 cannot hold, entries of tables
 * that point at no channel, and variances below 0. By the name of the tensor in the network; every value is read once, and after each
 * stretch it yields how many bytes have been.
 */
export function* strangeValues(
  architecture: Architecture,
  found: ReadonlyMap<string, Pick<Pairing, "mapped">>,
  read: ReadStretch,
): Generator<number, readonly Strange[]> {
  const channels = new Map(
    architecture.ops.flatMap((op) =>
      op.kind === "select" ? op.tensors.map(({ name }) => [name, op.settings.inChannels] as const) : [],
    ),
  );
  const variances = new Set(architecture.tensors.flatMap(({ name, role }) => (role === "running_var" ? name : [])));
  const strange: Strange[] = [];
  let done = 0;
  for (const [name, { mapped }] of found) {
    const { saved } = mapped;
    const count = { nan: 0, infinite: 0, tooLarge: 0, outside: 0, negative: 0 };
    for (let at = 0; at < saved.bytes; at += stretch) {
      const bytes = read(saved.file, saved.offset + at, Math.min(stretch, saved.bytes - at));
      const values = decode(bytes, saved.dtype as StoredType);
      if (values instanceof BigInt64Array) tallyEntries(count, values, channels.get(name) ?? 0);
      else tally(count, values, saved.dtype === "F64" ? bytes : null);
      if (variances.has(name)) for (const value of values) if (value < 0) count.negative++;
      done += bytes.length;
      yield done;
    }
    strange.push(...describe(mapped, count, channels.get(name) ?? 0));
  }
  return strange;
}

interface Tally {
  nan: number;
  infinite: number;
  tooLarge: number;
  outside: number;
  negative: number;
}

function tallyEntries(count: Tally, entries: BigInt64Array, channels: number): void {
  for (const entry of entries) if (entry < 0n || entry >= BigInt(channels)) count.outside++;
}

/** `doubles` are the values as they are stored, where float32 may hold them no more. */
function tally(count: Tally, values: Float32Array, doubles: Uint8Array | null): void {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  for (let i = 0; i < bits.length; i++) {
    // All ones in the exponent: infinite where the fraction is zero, otherwise no number.
    if (((bits[i] as number) & 0x7f80_0000) !== 0x7f80_0000) continue;
    if (((bits[i] as number) & 0x7f_ffff) !== 0) count.nan++;
    else if (doubles !== null && Number.isFinite(doubleAt(doubles, i))) count.tooLarge++;
    else count.infinite++;
  }
}

function doubleAt(bytes: Uint8Array, index: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getFloat64(index * storedBytes.F64, true);
}

function describe(mapped: MappedTensor, count: Tally, channels: number): readonly Strange[] {
  const { nan, infinite, tooLarge, outside, negative } = count;
  const values = (number: number) => counted(number, "value", "values");
  const entries = counted(outside, "entry points", "entries point");
  const parts = [nan > 0 ? `${values(nan)} NaN` : "", infinite > 0 ? `${values(infinite)} infinite` : ""];
  const found = [
    ["range", outside, `${entries} at no channel; ${channels} arrive, counted from 0`],
    ["overflow", tooLarge, `${values(tooLarge)} too large for float32, which ends at 3.4e38`],
    ["variance", negative, `${counted(negative, "variance", "variances")} below 0, of which there is no root`],
    ["notFinite", nan + infinite, parts.filter((part) => part !== "").join(", ")],
  ] as const;
  return found
    .filter(([, number]) => number > 0)
    .map(([kind, number, words]) => ({
      kind,
      found: mapped,
      count: number,
      message: `${nameOf(mapped)}: ${words}`,
      help: "",
    }));
}

function counted(count: number, one: string, several: string): string {
  return `${count.toLocaleString("en-US")} ${count === 1 ? one : several}`;
}
