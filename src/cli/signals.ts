import { exitCodes } from "./failure.ts";

/** Until it is released, something is done before the process ends, also where a signal ends it. */
export function beforeSignal(act: () => void): () => void {
  const handlers = signals.map(([signal, code]) => {
    const handler = () => process.exit(code);
    process.once(signal, handler);
    return [signal, handler] as const;
  });
  // The first handler ends the process: what others have to do must not depend on theirs.
  process.once("exit", act);
  return () => {
    for (const [signal, handler] of handlers) process.removeListener(signal, handler);
    process.removeListener("exit", act);
  };
}

const signals = [
  ["SIGINT", exitCodes.interrupted],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
] as const;
