import { describe, expect, test } from "vitest";
import { duration, exactly, roughly, roughlyBytes } from "../../src/cli/figures.ts";
import { layOutJson, quantityJson, valueJson } from "../../src/cli/json.ts";
import { ratio } from "../../src/compiler/number.ts";
import { multiply, symbol } from "../../src/compiler/symbolic.ts";
import { Named, Range } from "../../src/compiler/value.ts";

const beyond = ratio(2n ** 80n, 1n);
const half = ratio(1n, 2n);
const third = ratio(1n, 3n);
const polynomial = multiply(64, symbol("H"));

describe("figures for people", () => {
  test("how long, to three digits", () => {
    expect([0.339, 0.99951, 9.994, 9.996, 99.96, 9_999, 12_072].map(duration)).toEqual([
      "0.339 ms",
      "1.00 ms",
      "9.99 ms",
      "10.0 ms",
      "100 ms",
      "9999 ms",
      "12.1 s",
    ]);
  });

  test("exactly", () => {
    expect([0, 999, 1000, 7_978_856, beyond, polynomial].map(exactly)).toEqual([
      "0",
      "999",
      "1,000",
      "7,978,856",
      "1,208,925,819,614,629,174,706,176",
      "64·H",
    ]);
  });

  test("roughly, to three digits", () => {
    const figures = [0, 999, 1000, 1005, 9_994, 9_995, 99_950, 999_499, 999_500, 2_834_161_664, polynomial];
    expect(figures.map(roughly)).toEqual([
      "",
      "",
      "1.00 K",
      "1.00 K",
      "9.99 K",
      "10.0 K",
      "100 K",
      "999 K",
      "1.00 M",
      "2.83 G",
      "",
    ]);
  });

  test("bytes", () => {
    expect([0, 1023, 1024, 32_250_016, 2 ** 60, polynomial].map(roughlyBytes)).toEqual([
      "",
      "",
      "1.00 KiB",
      "30.8 MiB",
      "1.00 EiB",
      "",
    ]);
  });
});

describe("JSON", () => {
  test("has numbers that a reader's number holds, and text for others", () => {
    const largest = Number.MAX_SAFE_INTEGER;
    expect([0, largest, ratio(BigInt(largest) + 1n, 1n), beyond, polynomial, third].map(quantityJson)).toEqual([
      0,
      largest,
      "9007199254740992",
      "1208925819614629174706176",
      "64*H",
      "1/3",
    ]);
  });

  test("has the values of parameters as they are written", () => {
    const values = [32, half, third, beyond, true, "a", [1, [half]], new Range(0, 4), new Named("same")];
    expect(values.map(valueJson)).toEqual([
      32,
      0.5,
      "1/3",
      "1208925819614629174706176",
      true,
      "a",
      [1, [0.5]],
      "0..4",
      "same",
    ]);
  });

  test("is laid out by lines", () => {
    const record = { schemaVersion: 1, shape: [1, 2], none: [], layers: [{ name: "a", shape: [1] }, { name: "b\n" }] };
    const text = layOutJson(record);
    expect(JSON.parse(text)).toEqual(record);
    expect(text).toBe(`{
  "schemaVersion": 1,
  "shape": [1,2],
  "none": [],
  "layers": [
    {"name":"a","shape":[1]},
    {"name":"b\\n"}
  ]
}
`);
  });
});
