import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DirectWriter, fillDirectly, type Lender } from "../../src/cli/model-writing/direct-writer.ts";
import { newMemory } from "../../src/weights/webassembly/module.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "dnetc-direct-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const block = 4096;
const whole = 2 ** 22;
const memory = new Uint8Array(newMemory((3 * whole) / 65_536, true).buffer);
for (let i = 0; i < memory.length; i++) memory[i] = (i * 2_654_435_761) >>> 24;
const own = (from: number, length: number) => memory.subarray(from, from + length);
const foreign = (length: number) => Uint8Array.from({ length }, (_, i) => i % 251);

/** What was given back, by the place where it begins. */
function lenderOf(released: number[] = []): Lender {
  return {
    owns: ({ buffer }) => buffer === memory.buffer,
    release: ({ buffer, byteOffset }) => void (buffer === memory.buffer && released.push(byteOffset)),
  };
}

const sequences: Readonly<Record<string, readonly Uint8Array[]>> = {
  nothing: [],
  "one byte": [foreign(1)],
  "whole blocks": [own(0, whole), own(whole, block)],
  "a tail, and what fills its block": [own(0, block + 100), new Uint8Array(block - 100), own(whole, 2 * block)],
  "what begins within a block": [foreign(100), own(0, whole), own(whole, whole - 10)],
  "what does not begin where a page does": [own(12, 2 * block), own(8 * block, block)],
  "more than is put together at once": [foreign(13 * 2 ** 20 + 5), own(0, whole), foreign(whole + 1), own(block, 7)],
};

describe("a direct writer", () => {
  it.each(Object.entries(sequences))("writes %s", async (_, pieces) => {
    const released: number[] = [];
    const file = await filled((handle) =>
      fillDirectly(handle, lenderOf(released), async (output) => {
        for (const piece of pieces) await output.append(piece);
        await output.end();
      }),
    );
    expect(Buffer.compare(readFileSync(file), Buffer.concat(pieces))).toBe(0);
    const lent = pieces.filter(({ buffer }) => buffer === memory.buffer).map(({ byteOffset }) => byteOffset);
    expect(released.sort((a, b) => a - b)).toEqual(lent.sort((a, b) => a - b));
  });

  it.each(["at once", "after some"])("writes through the cache where the file system refuses %s", async (when) => {
    const pieces = [own(0, whole), foreign(100), own(whole, whole), own(2 * whole, block)];
    const file = await filled(async (handle) => {
      let left = when === "at once" ? 0 : 1;
      const direct = {
        writev: (bytes: Uint8Array[], at?: number) => (left-- > 0 ? handle.writev(bytes, at) : refused()),
      };
      const writer = new DirectWriter(handle, direct as Pick<FileHandle, "writev">, lenderOf());
      for (const piece of pieces) await writer.append(piece);
      await writer.end();
    });
    expect(Buffer.compare(readFileSync(file), Buffer.concat(pieces))).toBe(0);
  });

  it("tells what else goes wrong", async () => {
    const full = Object.assign(new Error("no space left"), { code: "ENOSPC" });
    const writing = filled(async (handle) => {
      const writer = new DirectWriter(handle, { writev: () => Promise.reject(full) }, lenderOf());
      await writer.append(own(0, whole));
      await writer.end();
    });
    await expect(writing).rejects.toBe(full);
  });
});

function refused(): Promise<never> {
  return Promise.reject(Object.assign(new Error("invalid argument"), { code: "EINVAL" }));
}

let files = 0;
async function filled(fill: (handle: FileHandle) => Promise<void>): Promise<string> {
  const file = path.join(folder, `${files++}.data`);
  const handle = await open(file, "wx");
  try {
    await fill(handle);
  } finally {
    await handle.close();
  }
  return file;
}
