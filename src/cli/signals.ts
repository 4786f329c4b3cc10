import { exitCodes } from "./failure.ts";

/** Until it is released, a signal that ends the process has something done first; what was asked for last comes first. */
export function beforeSignal(act: () => void): () => void {
  const entry = { act };
  if (waiting.length === 0) for (const [signal, handler] of handlers) process.on(signal, handler);
  waiting.push(entry);
  return () => {
    const at = waiting.indexOf(entry);
    if (at >= 0) waiting.splice(at, 1);
    if (waiting.length === 0) for (const [signal, handler] of handlers) process.removeListener(signal, handler);
  };
}

const waiting: { readonly act: () => void }[] = [];

const exits = [
  ["SIGINT", exitCodes.interrupted],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
] as const;

const handlers = exits.map(([signal, code]) => {
  const handler = () => {
    for (const { act } of [...waiting].reverse()) act();
    process.exit(code);
  };
  return [signal, handler] as const;
});
