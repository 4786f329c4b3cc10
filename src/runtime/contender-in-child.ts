import { type Child, type Program, startChild } from "./child.ts";
import { type Contender, type Opened, Refused, type Setup } from "./contender.ts";
import { ContenderHere } from "./contender-here.ts";
import type { ProfileSummary } from "./profile-summary.ts";
import type { Refusal } from "./refusal.ts";

type Question = Exclude<keyof Contender, "end">;

interface Asked {
  readonly question: Question;
  readonly facts: unknown[];
}

type Answer =
  | { readonly kind: "answered"; readonly value: unknown }
  | { readonly kind: "refused"; readonly refusal: Refusal };

/** A contender in a process of its own, which asks and answers one at a time. */
export class ContenderInChild implements Contender {
  readonly #child: Child;

  constructor(program: Program) {
    this.#child = startChild(program, {});
  }

  open(setup: Setup): Promise<Opened> {
    return this.#ask("open", setup);
  }

  prepare(shapes: readonly (readonly number[])[], seed: bigint): Promise<void> {
    return this.#ask("prepare", shapes, seed);
  }

  run(): Promise<number> {
    return this.#ask("run");
  }

  residentGrowth(): Promise<number> {
    return this.#ask("residentGrowth");
  }

  createAgain(): Promise<number> {
    return this.#ask("createAgain");
  }

  profile(runs: number): Promise<ProfileSummary> {
    return this.#ask("profile", runs);
  }

  async end(): Promise<void> {
    this.#child.process.kill("SIGKILL");
  }

  #ask<Q extends Question>(question: Q, ...facts: Parameters<Contender[Q]>): ReturnType<Contender[Q]>;
  async #ask(question: Question, ...facts: unknown[]): Promise<unknown> {
    const { process: child, ended } = this.#child;
    const answer = await new Promise<Answer>((resolve) => {
      child.once("message", (message) => resolve(message as Answer));
      void ended.then((reason) => resolve({ kind: "refused", refusal: { kind: "failed", reason } }));
      // To a process that is gone nothing can be sent; why it is gone says more than that.
      child.send({ question, facts } satisfies Asked, () => {});
    });
    if (answer.kind === "refused") throw new Refused(answer.refusal);
    return answer.value;
  }
}

/** In the child: answers until the parent is gone. */
export function serveContender(): void {
  const contender = new ContenderHere();
  process.on("message", async (message) => process.send?.(await answerTo(contender, message as Asked)));
  process.once("disconnect", () => process.exit());
}

async function answerTo(contender: Contender, { question, facts }: Asked): Promise<Answer> {
  try {
    const answer = contender[question] as (...facts: unknown[]) => Promise<unknown>;
    return { kind: "answered", value: await answer.apply(contender, facts) };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { kind: "refused", refusal: error.refusal };
  }
}
