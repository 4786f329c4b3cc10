import { describe, it } from "vitest";
import { deep } from "../deep.ts";
import { programsIn, sampled, tryEdits } from "./edits.ts";

describe(`${deep ? "every" : "every eighth"} prefix and one-character deletion of the wrong programs`, () => {
  it.each(programsIn("test/fixtures/err"))("%s", (_, text) => tryEdits(text, sampled(8)));
});
