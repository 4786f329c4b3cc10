import { exitCodes } from "./failure.ts";

/** Until it is released, a signal that ends the process has something done first. */
export function beforeSignal(act: () => void): () => void {
  const handlers = signals.map(([signal, code]) => {
    const handler = () => {
      act();
      process.exit(code);
    };
    process.once(signal, handler);
    return [signal, handler] as const;
  });
  return () => {
    for (const [signal, handler] of handlers) process.removeListener(signal, handler);
  };
}

const signals = [
  ["SIGINT", exitCodes.interrupted],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
] as const;
