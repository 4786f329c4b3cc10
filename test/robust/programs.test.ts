import { describe, it } from "vitest";
import { deep } from "../deep.ts";
import { programsIn, sampled, tryEdits } from "./edits.ts";

const minutes = deep ? 30 * 60_000 : 60_000;

describe(`${deep ? "every" : "every sixteenth"} prefix and one-character deletion of the programs of the manual`, () => {
  it.each(programsIn("test/fixtures/ok"))("%s", { timeout: minutes }, (_, text) => tryEdits(text, sampled(16)));
});

describe(`${deep ? "every" : "some"} prefix and one-character deletion of the examples and the library`, () => {
  const programs = [...programsIn("examples"), ...programsIn("std")];
  it.each(programs)("%s", { timeout: minutes }, (_, text) => tryEdits(text, sampled(90)));
});
