/** One level of operators. */
export interface Level {
  readonly operators: readonly string[];
  /** What is special about it. */
  readonly note?: string;
}

/** The operators of expressions, from loose to tight. */
export const precedence: readonly Level[] = [
  { operators: ["or"] },
  { operators: ["and"] },
  { operators: ["not"], note: "before its operand" },
  { operators: ["==", "!=", "<", "<=", ">", ">=", "~="], note: "a chain: 0 < x <= 1" },
  { operators: [".."], note: "once" },
  { operators: ["+", "-"] },
  { operators: ["*", "/", "%"] },
  { operators: ["-"], note: "before its operand" },
  { operators: ["^"], note: "from the right" },
];
