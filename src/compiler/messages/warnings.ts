import { plural } from "./wording.ts";

export interface Named {
  readonly name: string;
}

/** What is legal, and has no effect. */
export const warningMessages = {
  "unused-parameter": {
    severity: "warning",
    message: ({ name }: Named) => `nothing uses the parameter \`${name}\``,
    help: meant,
  },
  "unused-value": {
    severity: "warning",
    message: ({ name }: Named) => `nothing uses the value \`${name}\``,
    help: meant,
  },
  "unused-variable": {
    severity: "warning",
    message: ({ name }: Named & Instead) => `nothing uses the loop variable \`${name}\``,
    help: ({ name, instead }: Named & Instead) => instead ?? `name it \`_${name}\` if this is meant`,
  },
  "unused-tensor": {
    severity: "warning",
    message: ({ name }: Named) => `nothing reads the tensor \`${name}\``,
    help: ({ name }: Named) =>
      `take \`-> ${name}\` away, or read the tensor with \`from ${name}\`, \`add(${name})\` or \`concat(${name})\``,
  },
  "unused-import": {
    severity: "warning",
    message: ({ name, path, again }: Named & { path: string; again: boolean }) =>
      again ? `\`${name}\` is imported twice` : `nothing uses \`${name}\` of \`${path}\``,
    help: () => "take it out of the import",
  },
  "unused-declaration": {
    severity: "warning",
    message: ({ name, kind }: Named & { kind: "block" | "fn" }) =>
      `nothing uses the ${kind === "fn" ? "function" : "block"} \`${name}\``,
    help: ({ kind }: { kind: "block" | "fn" }) =>
      `take it away, or move it to a file of ${kind === "fn" ? "functions" : "blocks"} without a network, where others import it`,
  },
  "more-messages": {
    severity: "note",
    message: ({ limit, severity }: { limit: number; severity: "warning" | "note" }) =>
      `more than ${plural(limit, severity)}; the rest is not shown`,
    help: () => "--limit messages=N raises the limit",
  },
} as const;

export interface Instead {
  readonly instead: string | null;
}

function meant({ name }: Named): string {
  return `take it away, or name it \`_${name}\` if this is meant`;
}
