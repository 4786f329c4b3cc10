import type { Environment } from "./environment.ts";
import type { Place } from "./evaluate.ts";
import type { Resolution } from "./resolve/resolution.ts";
import type { Session } from "./session.ts";

/** Where no tensor flows: at the top level, in the parameters of networks and in the options of the command line. */
export function outsidePlace(environment: Environment, resolution: Resolution, session: Session): Place {
  return {
    environment,
    shape: () => null,
    count: () => undefined,
    functionOf: (call) => resolution.functions.get(call),
    session,
  };
}
