/** What a file seems to be that is no ONNX model, by its first bytes, in words; null where nothing is known of them. */
export function seemingKind(file: Uint8Array): string | null {
  if (file.length === 0) return "an empty file";
  const head = file.subarray(0, 4096);
  const found = kinds.find(({ at, bytes }) => bytes.every((byte, i) => head[at + i] === byte));
  if (found) return found.refined?.(head) ?? found.kind;
  if (isSafetensors(file)) return "a safetensors file, which holds weights and no graph";
  const text = textIn(head);
  if (text === null) return null;
  return texts.find(({ begins }) => begins.test(text))?.kind ?? "a text";
}

interface Kind {
  readonly at: number;
  readonly bytes: readonly number[];
  readonly kind: string;
  /** More exactly, by what follows. */
  refined?(head: Uint8Array): string | null;
}

const kinds: readonly Kind[] = [
  { at: 0, bytes: [0x50, 0x4b, 0x03, 0x04], kind: "a zip archive", refined: kindOfArchive },
  { at: 0, bytes: [0x80, 0x02], kind: "a Python pickle, as PyTorch once wrote its weights" },
  { at: 0, bytes: [0x80, 0x03], kind: "a Python pickle" },
  { at: 0, bytes: [0x80, 0x04], kind: "a Python pickle" },
  { at: 0, bytes: [0x80, 0x05], kind: "a Python pickle" },
  { at: 0, bytes: [0x1f, 0x8b], kind: "compressed by gzip" },
  { at: 0, bytes: [0x28, 0xb5, 0x2f, 0xfd], kind: "compressed by zstd" },
  { at: 0, bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a], kind: "compressed by xz" },
  { at: 0, bytes: [0x42, 0x5a, 0x68], kind: "compressed by bzip2" },
  { at: 0, bytes: [0x89, 0x48, 0x44, 0x46], kind: "an HDF5 file, as Keras writes" },
  { at: 4, bytes: [0x54, 0x46, 0x4c, 0x33], kind: "a TensorFlow Lite model" },
  { at: 4, bytes: [0x4f, 0x52, 0x54, 0x4d], kind: "a model in ONNX Runtime's own format" },
  { at: 0, bytes: [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59], kind: "a NumPy array" },
  { at: 0, bytes: [0x47, 0x47, 0x55, 0x46], kind: "a GGUF file" },
  { at: 0, bytes: [0x7f, 0x45, 0x4c, 0x46], kind: "a program" },
  { at: 0, bytes: [0x89, 0x50, 0x4e, 0x47], kind: "a PNG image" },
  { at: 0, bytes: [0xff, 0xd8, 0xff], kind: "a JPEG image" },
  { at: 0, bytes: [0x25, 0x50, 0x44, 0x46], kind: "a PDF" },
];

function kindOfArchive(head: Uint8Array): string | null {
  const names = String.fromCharCode(...head.subarray(0, 256));
  if (/\/data\.pkl|\/version|\/byteorder/.test(names)) return "a PyTorch file (.pt), which is to be exported first";
  return /\.npy/.test(names) ? "a NumPy archive" : null;
}

/** Eight bytes that say how long the JSON is that follows. */
export function isSafetensors(file: Uint8Array): boolean {
  if (file.length < 10 || file[8] !== 0x7b) return false;
  const view = new DataView(file.buffer, file.byteOffset, 8);
  return view.getUint32(4, true) === 0 && view.getUint32(0, true) < 100_000_000;
}

/** The fields of a model in the order of their numbers, as all who write one write it: first the version of the format. */
export function isOnnx([first = 0, version = 0, next = 0]: Uint8Array): boolean {
  return first === 0x08 && version > 0 && version < 0x20 && fieldsAfter.includes(next);
}

/** How those begin that may follow: texts and messages of the numbers 2 to 8, and the number 5. */
const fieldsAfter = [0x12, 0x1a, 0x22, 0x28, 0x32, 0x3a, 0x42];

const texts: readonly { readonly begins: RegExp; readonly kind: string }[] = [
  {
    begins: /^version https:\/\/git-lfs/,
    kind: "a pointer of Git LFS, whose file was not fetched (git lfs pull fetches it)",
  },
  { begins: /^\s*(<!doctype html|<html|<head|<\?xml)/i, kind: "a page of HTML or XML, as a failed download leaves" },
  { begins: /^\s*[[{]/, kind: "JSON" },
  { begins: /^\s*(#|network |block |import |let |fn )/, kind: "a text, perhaps a program" },
];

/** The text of the first bytes; null where they are none. */
function textIn(head: Uint8Array): string | null {
  const text = new TextDecoder().decode(head, { stream: true });
  const isText = [...text].every((letter) => letter >= " " || letter === "\n" || letter === "\r" || letter === "\t");
  return isText && !text.includes("\ufffd") ? text : null;
}
