import type { Family } from "./vocabulary.ts";

export type Theme = "light" | "dark" | "auto";

interface Tint {
  readonly fill: string;
  readonly line: string;
}

interface Colors {
  readonly page: string;
  readonly text: string;
  readonly faint: string;
  readonly line: string;
  readonly frame: Tint;
  readonly families: Readonly<Record<Family, Tint>>;
  /** Of the layers of a dense block, from the first to the last. */
  readonly ramp: readonly string[];
}

/** How many colours the ramp has. */
export const shades = 8;

/** After the colours of Okabe and Ito, which people tell apart whatever colours they see; lighter inside than at the edge. */
const light: Colors = {
  page: "#ffffff",
  text: "#1b2430",
  faint: "#5b6673",
  line: "#4a5563",
  frame: { fill: "#f6f7f9", line: "#b4bcc6" },
  families: {
    convolution: { fill: "#dcebf7", line: "#3b7db4" },
    normalisation: { fill: "#fdf3d0", line: "#b8931d" },
    pooling: { fill: "#fbe0d3", line: "#c25d1e" },
    rearrangement: { fill: "#e9ecef", line: "#808a95" },
    join: { fill: "#f4e0ec", line: "#ab5a8b" },
    linear: { fill: "#d8efe6", line: "#16805f" },
    scope: { fill: "#eef0f3", line: "#6f7a87" },
    end: { fill: "#ffffff", line: "#1b2430" },
  },
  ramp: ["#30317e", "#2c5f9e", "#1f86a3", "#1fa187", "#58b368", "#a5bd3b", "#dfa72b", "#e07b35"],
};

const dark: Colors = {
  page: "#12161c",
  text: "#e8ecf1",
  faint: "#9aa6b3",
  line: "#93a0ad",
  frame: { fill: "#191f27", line: "#46515d" },
  families: {
    convolution: { fill: "#17334c", line: "#5aa3dc" },
    normalisation: { fill: "#3d3413", line: "#d6b549" },
    pooling: { fill: "#452614", line: "#e58a54" },
    rearrangement: { fill: "#272d34", line: "#87929d" },
    join: { fill: "#41233a", line: "#d68bb9" },
    linear: { fill: "#123a2e", line: "#3fb58e" },
    scope: { fill: "#222932", line: "#8a96a3" },
    end: { fill: "#12161c", line: "#e8ecf1" },
  },
  ramp: ["#8d8ff0", "#5f9fe6", "#3fb9d6", "#3cc9ab", "#7fd68c", "#c6dc62", "#f0c452", "#f29a5a"],
};

/** The rules of the drawing; `auto` follows what the reader has chosen for everything. */
export function styleOf(theme: Theme): string {
  switch (theme) {
    case "light":
      return rulesOf(light);
    case "dark":
      return rulesOf(dark);
    case "auto":
      return `${rulesOf(light)}@media (prefers-color-scheme:dark){${rulesOf(dark)}}`;
  }
}

function rulesOf({ page, text, faint, line, frame, families, ramp }: Colors): string {
  const tints = Object.entries({ ...families, frame }).map(([name, { fill, line: edge }]) => {
    return `.${name}{fill:${fill};stroke:${edge}}`;
  });
  const shaded = ramp.map((color, at) => `.s${at}{stroke:${color}}.m${at}{fill:${color}}`);
  return [
    `.page{fill:${page}}`,
    "text{font-family:Helvetica,Arial,'Liberation Sans','DejaVu Sans',sans-serif}",
    `text{fill:${text}}.faint{fill:${faint}}.strong,.badge{font-weight:600}.title{font-weight:700}`,
    `.flow{fill:none;stroke:${line};stroke-width:1.3}.tip{fill:${line}}.aside{stroke-dasharray:5 3}`,
    ...tints,
    ".frame,.dense{stroke-width:1}",
    `.dense{fill:${frame.fill};stroke:${families.convolution.line}}`,
    `.fan{fill:none}.ring{fill:${page};stroke:${text}}`,
    ...shaded,
  ].join("");
}
