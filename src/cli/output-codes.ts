/** What keeps a file from being written and is worth a page in docs/diagnostics, by public code. */
export const outputCodes = {
  full: "output-disk-full",
  denied: "output-denied",
  overflow: "output-overflow",
} as const;
