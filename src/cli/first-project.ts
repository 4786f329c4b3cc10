/** The files of a first project by their names; `network` is the name of its network. */
export function firstProject(network: string): Readonly<Record<string, string>> {
  return {
    "net.dnet": `## A densely connected network for colour images of 32 x 32 pixels.
## \`growth\` channels come from each layer of a dense block; another value is given as in --set growth=24.
network ${network}(growth = 16, classes = 10) {
  # Channels, height and width of one image. How many images come at once stays open.
  input image[3, 32, 32]

  # Layers that stand side by side follow one another. How many channels a layer gets is never written: dnetc knows.
  conv(3x3, 2 * growth)

  # A dense block: each of its 6 layers sees all that was there before it and adds \`growth\` channels.
  # A transition halves the channels, then the height and the width.
  dense(6, growth) transition(0.5)
  dense(6, growth) transition(0.5)
  dense(6, growth)

  # The mean of each channel, then one number for each class.
  batchnorm relu globalavgpool linear(classes)

  # What must hold. Where it does not, the network is refused, and the message shows both sides.
  expect channels == classes
  expect params < 1M
}
`,
    "README.md": `# ${network}

\`dnetc check --watch net.dnet\` checks the network at every save, \`dnetc stats net.dnet\` lists its layers and what they cost,
and \`dnetc compile net.dnet -o net.onnx --verify\` writes an ONNX model and runs it once.
\`dnetc explain CODE\` says more about a message.
`,
    ".gitignore": "*.onnx\n",
  };
}

/** The name of a network for a folder: `tiny-densenet` makes TinyDensenet. */
export function networkNameFor(folder: string): string {
  const words = folder.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  const name = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
  return /^[A-Z]/.test(name) ? name : `Net${name}`;
}
