import { describe, expect, test } from "vitest";
import { svgOf } from "../../src/draw/svg.ts";
import { compileText } from "../compiling.ts";
import { draw, faultsOf } from "./drawing.ts";
import { readXml } from "./xml.ts";

function svg(text: string, theme: "light" | "dark" | "auto" = "light"): string {
  const [architecture] = compileText(text).architectures;
  if (!architecture) throw new Error("no clean network");
  const scene = draw(architecture);
  expect(faultsOf(scene, architecture)).toEqual([]);
  return svgOf(scene, theme);
}

const dense = `
## A small DenseNet.
network Small {
  input image[3, 32, 32]
  conv0: conv(3x3, 16)
  block1: dense(4, 12, bottleneck = 4)
  transition(0.5)
  block2: dense(3, keep = false) { batchnorm relu conv(3x3, 8) }
  batchnorm relu globalavgpool linear(10)
}`;

const branching = `
block Unit(width) { residual { batchnorm relu conv(3x3, width) } shortcut { conv(1x1, width) } relu }
network Branching {
  input image[3, H, W]
  conv(3x3, 16) relu -> low
  training { globalavgpool linear(10) }
  repeat 3 { residual { conv(3x3, 16) batchnorm } }
  Unit(24)
  concat { branch { conv(1x1, 8) } branch { maxpool(3x3, stride = 1, pad = 1) } branch { } }
  gate { globalavgpool conv(1x1, 56) sigmoid } output middle
  concat(low) conv(1x1, 2) softmax
}`;

const exchanging = `
network Exchanging {
  input image[3, 32, 32]
  conv(3x3, 8) -> x[0]
  conv(3x3, 16, stride = 2) -> x[1]
  repeat 2 as m {
    "stage{m}": {
      from x[0] conv(3x3, 16, stride = 2) add(x[1]) relu -> y
      from x[1] conv(1x1, 8) upsample(2) add(x[0]) relu -> x[0]
      from y -> x[1]
    }
  }
  from x[0] conv(3x3, 16, stride = 2) add(x[1]) globalavgpool linear(10)
}`;

describe("a drawing in SVG", () => {
  for (const [name, text] of Object.entries({ dense, branching, exchanging })) {
    test(`of ${name}`, async () => {
      await expect(svg(text)).toMatchFileSnapshot(`drawings/${name}.svg`);
    });
  }

  test("is the same whenever it is made", () => {
    expect(svg(dense, "auto")).toBe(svg(dense, "auto"));
  });

  test("is well-formed, and tells what it is without being seen", () => {
    const root = readXml(svg(branching));
    expect(root.name).toBe("svg");
    expect(root.attributes).toMatchObject({ role: "img", "aria-labelledby": "title desc" });
    const [title, desc] = root.children;
    expect(title).toMatchObject({ name: "title", attributes: { id: "title" }, text: "Branching" });
    expect(desc?.text).toContain("image [N, 3, H, W] → output [N, 2, H, W], middle [N, 56, H, W]");
  });

  test("has nothing from elsewhere and no script", () => {
    const text = svg(dense, "auto");
    expect(text.match(/https?:[^"']*/g)).toEqual(["http://www.w3.org/2000/svg"]);
    expect(text).not.toMatch(/<script|<image|<foreignObject|@import|@font-face|\bon[a-z]+=/);
  });

  test("follows the reader's choice of colours only with auto", () => {
    expect(svg(dense, "auto")).toContain("@media (prefers-color-scheme:dark)");
    expect(svg(dense, "light")).not.toContain("@media");
    expect(svg(dense, "dark")).not.toBe(svg(dense, "light"));
  });

  test("draws the layers of training with dashes", () => {
    const dashed = readXml(svg(branching)).children.filter(({ attributes }) => attributes.id === "row-linear1");
    expect(JSON.stringify(dashed)).toContain("linear aside");
  });

  test("of hostile words shows them as they are, and nothing more", () => {
    const doc = `## </desc><script>alert(1)</script> & "quotes" 'single' \u202eright to left\u2066 \u0007 ]]> <!--`;
    const root = readXml(svg(`${doc}\nnetwork N { input x[3, 8, 8] "a-b.c_d": conv(3x3, 4) }`));
    const desc = root.children[1]?.text ?? "";
    expect(desc).toContain(`</desc><script>alert(1)</script> & "quotes" 'single' \ufffdright to left\ufffd`);
    expect(root.children.map(({ name }) => name)).not.toContain("script");
  });

  test("shortens long names and keeps them whole where a box is pointed at", () => {
    const label = "w".repeat(190);
    const name = `N${"m".repeat(90)}`;
    const text = svg(
      `network ${name} { input x[3, 8, 8] ${label}: conv(3x3, 4) "s.${label.slice(5)}": { conv(1x1, 2) relu conv(3x3, 5) } }`,
    );
    const group = readXml(text).children.find(({ attributes }) => attributes.id === `row-${label}`);
    expect(group?.children[0]?.text).toContain(`${label}, 108 parameters`);
    expect(group?.children.at(-1)?.text.length).toBeLessThan(60);
  });
});
