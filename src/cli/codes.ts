import { catalogue } from "../compiler/messages/catalogue.ts";
import { modelCodes } from "../inspect/codes.ts";
import { weightsCodes } from "../weights/codes.ts";
import { outputCodes } from "./output-codes.ts";

/** The code of everything that dnetc says and that has a page, in the order of their list. */
export const codes: readonly string[] = [
  ...Object.keys(catalogue),
  ...modelCodes,
  ...weightsCodes,
  ...Object.values(outputCodes),
];
