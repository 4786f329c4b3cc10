import { describe, expect, it } from "vitest";
import { kindOfName, nameOfKind, readInit } from "../../src/weights/init.ts";

describe("how weights begin", () => {
  it.each([
    ["he", "he"],
    ["xavier", "xavier"],
    ["zeros", "zeros"],
    ["constant=2e-2", "constant=0.02"],
    ["constant=-.5", "constant=-0.5"],
    ["constant=+3.", "constant=3"],
    ["constant=0", "constant=0"],
  ] as const)("%s is read as %s, and recorded so", (text, init) => {
    expect(readInit(text)).toBe(init);
    for (const zeroInitResidual of [false, true]) {
      const kind = { init, zeroInitResidual };
      expect(kindOfName(nameOfKind(kind))).toEqual(kind);
    }
  });

  it.each([
    "",
    "He",
    "glorot",
    "constant",
    "constant=",
    "constant=x",
    "constant=NaN",
    "constant=Infinity",
    "constant=1e39",
    "constant=0x10",
    "constant=1_000",
    "he=1",
  ])("%s is nothing", (text) => {
    expect(readInit(text)).toBeNull();
  });

  it.each(["verification", "weights", "weights+he", "+zero-init-residual"])("%s is not made of a seed", (name) => {
    expect(kindOfName(name)).toBeNull();
  });
});
