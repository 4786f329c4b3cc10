/** What keeps a file from being written, or is wrong with what is, and is worth a page in docs/diagnostics, by public code. */
export const outputCodes = {
  full: "output-disk-full",
  denied: "output-denied",
  overflow: "output-overflow",
  underflow: "output-underflow",
} as const;
