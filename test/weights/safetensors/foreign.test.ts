import { describe, expect, it } from "vitest";
import { WeightsFault } from "../../../src/weights/fault.ts";
import { readHeader } from "../../../src/weights/safetensors/header.ts";
import { readable } from "./files.ts";

describe("what others write", () => {
  const helpOf = (name: string, file: Uint8Array) => {
    try {
      readHeader({ ...readable(file), file: name });
    } catch (error) {
      return error instanceof WeightsFault ? `${error.message}\n${error.help}` : "";
    }
    return "";
  };
  const archive = (entry: string) => {
    const head = [0x50, 0x4b, 3, 4, ...new Array(22).fill(0), entry.length, 0, 0, 0];
    return Uint8Array.from([...head, ...new TextEncoder().encode(entry)]);
  };

  it("comes with how it is converted, by its name", () => {
    const numpy = helpOf("/a/m.npz", archive("block1/kernel.npy"));
    expect(numpy).toContain("it is an archive of NumPy, a .npz file\n");
    expect(numpy).toContain('save_file(dict(np.load("m.npz")), "m.safetensors")');
    const torch = helpOf("/a/b.c/net.pt", archive("archive/data.pkl"));
    expect(torch).toContain("it is a zip archive, as torch.save writes\n");
    expect(torch).toMatch(/torch\.load\("net\.pt", .*"net\.safetensors"\)$/s);
    expect(helpOf("w.safetensors", archive("archive/data.pkl"))).toContain(', "w-converted.safetensors")');
  });
});
