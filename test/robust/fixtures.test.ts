import { describe, it } from "vitest";
import { programsIn, tryEdits } from "./edits.ts";

describe("every prefix and one-character deletion of the wrong programs", () => {
  it.each(programsIn("test/fixtures/err"))("%s", (_, text) => tryEdits(text, () => true));
});
