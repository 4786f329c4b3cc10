import { Option } from "commander";

/** In which type the models hold their numbers that a command writes. */
export function dtypeOption(): Option {
  const description =
    "f16: weights and activations in float16; bf16: weights stored in bfloat16, computed in float32; without it, f32";
  return new Option("--dtype <type>", description).choices(["f32", "f16", "bf16"]);
}

export function keepIoOption(): Option {
  const description = "with f16, the input and the outputs in float32, as without it, or in float16 too";
  return new Option("--keep-io <type>", description).choices(["f32", "none"]);
}
