import { layerMessages } from "./layers.ts";
import { limitMessages } from "./limits.ts";
import { lintMessages } from "./lint.ts";
import { nameMessages } from "./names.ts";
import { networkMessages } from "./networks.ts";
import { syntaxMessages } from "./syntax.ts";
import { valueMessages } from "./values.ts";
import { warningMessages } from "./warnings.ts";

/** Every message, by its public code. Codes are never reused. To add one: put it into the file of its topic. */
export const catalogue = {
  ...syntaxMessages,
  ...nameMessages,
  ...valueMessages,
  ...layerMessages,
  ...networkMessages,
  ...warningMessages,
  ...lintMessages,
  ...limitMessages,
} as const;

export type Catalogue = typeof catalogue;
