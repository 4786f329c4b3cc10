export interface Limit {
  readonly limit: number;
}

/** What a program may cost. The codes are `limit-` and the name that `--limit` takes. */
export const limitMessages = {
  "limit-bytes": {
    severity: "error",
    message: ({ limit }: Limit) => `the source is longer than ${limit} bytes`,
    help: () => "--limit bytes=N raises the limit",
  },
  "limit-tokens": {
    severity: "error",
    message: ({ limit }: Limit) => `the source has more than ${limit} tokens`,
    help: () => "--limit tokens=N raises the limit",
  },
  "limit-nesting": {
    severity: "error",
    message: ({ limit }: Limit) => `brackets, operators or calls are nested more than ${limit} deep`,
    help: () => "--limit nesting=N raises the limit",
  },
  "limit-ops": {
    severity: "error",
    message: ({ limit }: Limit) => `the network has more than ${limit} layers and joins`,
    help: () => "--limit ops=N raises the limit",
  },
  "limit-bits": {
    severity: "error",
    message: ({ limit }: Limit) => `a number is longer than ${limit} bits`,
    help: () => "--limit bits=N raises the limit",
  },
  "limit-fuel": {
    severity: "error",
    message: ({ limit }: Limit) => `working out this program takes more than ${limit} steps`,
    help: () => "--limit fuel=N raises the limit",
  },
  "limit-messages": {
    severity: "error",
    message: ({ limit }: Limit) => `more than ${limit} messages; the rest is not shown`,
  },
} as const;
