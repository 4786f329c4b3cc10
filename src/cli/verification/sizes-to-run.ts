import { smallestSizes } from "../../compiler/concrete.ts";
import type { Architecture } from "../../compiler/ir.ts";
import { exitCodes, Failure } from "../failure.ts";

/** The symbolic sizes at which a network is run. Throws a Failure where no small ones leave every layer a pixel. */
export function sizesToRun(architecture: Architecture): ReadonlyMap<string, number> {
  const sizes = smallestSizes(architecture);
  if (sizes) return sizes;
  throw new Failure(
    exitCodes.diagnostics,
    `no image of ${architecture.name} that could be run leaves every layer a pixel`,
    "give the sizes with --dim: the message then names the layer of which nothing is left",
  );
}
