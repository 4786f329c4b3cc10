import type { Name } from "../ast/expressions.ts";
import type { Session } from "../session.ts";

/** Reports names that come twice; `what` they are: "parameter". */
export function checkDistinct(names: readonly Name[], what: string, session: Session): void {
  const first = new Map<string, Name>();
  for (const name of names) {
    const earlier = first.get(name.text);
    if (!earlier) first.set(name.text, name);
    else {
      const related = [{ span: earlier.span, message: "first here" }];
      session.report("duplicate-name", name.span, { name: name.text, what }, { related });
    }
  }
}
