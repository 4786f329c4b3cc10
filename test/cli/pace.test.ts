import { expect, test } from "vitest";
import { pace } from "../../src/cli/model-writing/pace.ts";

test("the pace of writing is what is done, how fast, and for how long it will go on", () => {
  const [mebi, gibi] = [2 ** 20, 2 ** 30];
  expect(pace(0, gibi, 3000)).toBe("0 B of 1.00 GiB");
  expect(pace(20 * mebi, gibi, 400)).toBe("20.0 MiB of 1.00 GiB");
  expect(pace(256 * mebi, gibi, 2000)).toBe("256 MiB of 1.00 GiB, 128 MiB/s, 6 s left");
  expect(pace(2 * mebi, gibi, 1000)).toBe("2.00 MiB of 1.00 GiB, 2.00 MiB/s, 8 min 31 s left");
  expect(pace(gibi, gibi, 8000)).toBe("1.00 GiB of 1.00 GiB, 128 MiB/s, 0 s left");
});
