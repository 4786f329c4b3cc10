import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** A network with symbolic sizes, a dense block and a training head; then one that breaks a contract. */
export const small = `network Small(growth = 4, compression = 1/2) {
  input image[3, H, W]
  require H % 4 == 0 and W % 4 == 0 and H >= 16
  conv(3x3, 8)
  dense(3, growth) transition(compression)
  globalavgpool linear(10)
  training { linear(3) }
}
network Broken { input image[3, 8, 8] conv(3x3, 16) linear(2) expect params == 5 }
`;

/** Sizes that are floors of symbolic ones. */
export const floors = "network Floors { input image[3, H, W] conv(3x3, 4, stride = 2) maxpool(2) conv(1x1, 9 * 2) }";

/** A folder of its own with these files, and how to remove it. */
export function folderOf(files: Readonly<Record<string, string | Uint8Array>>): {
  readonly at: (name: string) => string;
  remove(): void;
} {
  const folder = mkdtempSync(path.join(tmpdir(), "dnetc-cli-"));
  const at = (name: string) => path.join(folder, name);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(at(name)), { recursive: true });
    writeFileSync(at(name), content);
  }
  return { at, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
