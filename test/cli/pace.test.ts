import { expect, test } from "vitest";
import { pace } from "../../src/cli/model-writing/pace.ts";

const [mebi, gibi] = [2 ** 20, 2 ** 30];

test("the pace of writing is what is done, for how long it will go on, and how fast", () => {
  const told = (done: number, milliseconds: number) => pace(done, gibi, milliseconds).join("").trimEnd();
  expect(told(0, 3000)).toBe("     0 B of 1.00 GiB");
  expect(told(20 * mebi, 400)).toBe("20.0 MiB of 1.00 GiB");
  expect(told(256 * mebi, 2000)).toBe(" 256 MiB of 1.00 GiB,    6 s left,  128 MiB/s");
  expect(told(2 * mebi, 1000)).toBe("2.00 MiB of 1.00 GiB,  9 min left, 2.00 MiB/s");
  expect(told(gibi, 8000)).toBe("1.00 GiB of 1.00 GiB,    0 s left,  128 MiB/s");
});

test("its fields are as wide at every moment", () => {
  const moments = Array.from({ length: 2000 }, (_, i) => pace(i ** 2.7, 2000 ** 2.7, i ** 1.3));
  expect(new Set(moments.map((fields) => fields.map(({ length }) => length).join()))).toEqual(new Set(["19,13,12"]));
});
