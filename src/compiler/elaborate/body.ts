import type { Name } from "../ast/expressions.ts";
import type {
  Body,
  ForStatement,
  IfStatement,
  OutputStatement,
  RepeatStatement,
  Statement,
} from "../ast/statements.ts";
import { Environment } from "../environment.ts";
import { bindPattern, decide, evaluate, evaluateSequence, evaluateWhole, sourceOf } from "../evaluate.ts";
import { formatValue, itemAt, unknown } from "../value.ts";
import { applyStatement } from "./apply.ts";
import { type Context, placeOf, shapeOf } from "./context.ts";
import { requireCondition } from "./contract.ts";
import { enterInput } from "./input.ts";
import { labelText } from "./label.ts";
import { findTensor, nameTensor } from "./tensor.ts";

/** Runs the statements of a body one after another; names declared in it end with it. */
export function runBody(body: Body, context: Context): void {
  let here = context;
  for (const statement of body.statements) {
    context.session.burn(1, statement.span);
    if (statement.kind === "let") {
      const place = placeOf(here);
      const value = evaluate(statement.value, place);
      const environment = new Environment(here.environment);
      const origin = sourceOf(statement.value, place);
      environment.define(statement.name.text, { value, origin, span: statement.name.span });
      here = { ...here, environment };
    } else runStatement(statement, here);
  }
}

function runStatement(statement: Exclude<Statement, { kind: "let" }>, context: Context): void {
  switch (statement.kind) {
    case "input":
      enterInput(statement, context);
      return;
    case "for":
      runFor(statement, context);
      return;
    case "repeat":
      runRepeat(statement, context);
      return;
    case "if":
      runIf(statement, context);
      return;
    case "name-tensor":
      nameTensor(statement, context);
      return;
    case "from": {
      const current = findTensor(statement.tensor, context);
      if (statement.body) runBody(statement.body, { ...context, flow: { current }, branches: null });
      else context.flow.current = current;
      return;
    }
    case "require":
      requireCondition(statement, context);
      return;
    case "expect": {
      context.session.burn(fuelPerContract, statement.span);
      const shape = shapeOf(context.flow.current);
      const at = { ...placeOf(context), shape: () => shape };
      context.frame.contracts.push({ condition: statement.condition, at, span: statement.span });
      return;
    }
    case "output":
      publish(statement, context);
      return;
    case "training":
      runTraining(statement.body, context);
      return;
    case "scope": {
      const text = labelText(statement.label, context);
      if (text !== null) runBody(statement.body, { ...context, names: context.names.open(text) });
      return;
    }
    case "apply":
      applyStatement(statement, context);
      return;
  }
}

/** A contract is kept until all is known. */
const fuelPerContract = 10;

/** A round makes names of its own, and knows where it stands. */
const fuelPerRound = 5;

function runFor(statement: ForStatement, context: Context): void {
  const list = evaluateSequence(statement.list, placeOf(context), "what a loop goes through");
  if (list === unknown) {
    context.flow.current = unknown;
    return;
  }
  const { pattern, index, body, list: written } = statement;
  const names = index ? [...pattern.names, index] : pattern.names;
  for (let i = 0; i < list.length; i++) {
    context.session.burn(fuelPerRound + names.length, statement.span);
    const environment = new Environment(context.environment);
    // A list that comes from elsewhere may stand far away: the round is that of the loop here.
    const item = written.kind === "list" ? written.items[i] : null;
    const values = () => valuesOf(names, environment);
    const round = {
      span: item?.span ?? written.span,
      what: "round" as const,
      round: i + 1,
      rounds: list.length,
      values,
    };
    context.session.inRound(round, () => {
      bindPattern(pattern, itemAt(list, i), environment, context.session);
      if (index) environment.define(index.text, { value: i, origin: null, span: index.span });
      runBody(body, { ...context, environment });
    });
  }
}

/** `i = 2`; nothing of a name that an error left without a value. */
function valuesOf(names: readonly Name[], environment: Environment): readonly string[] {
  return names.flatMap(({ text }) => {
    const value = environment.lookup(text)?.value;
    return value === undefined || value === unknown ? [] : [`${text} = ${formatValue(value)}`];
  });
}

function runRepeat({ count, index, body, span }: RepeatStatement, context: Context): void {
  const times = evaluateWhole(count, placeOf(context), "the count of repeat");
  if (times === unknown || times < 0) {
    if (times !== unknown) context.session.report("negative-count", count.span, { value: times });
    context.flow.current = unknown;
    return;
  }
  for (let i = 0; i < times; i++) {
    context.session.burn(fuelPerRound, span);
    const environment = index ? new Environment(context.environment) : context.environment;
    if (index) environment.define(index.text, { value: i, origin: null, span: index.span });
    const values = () => (index ? [`${index.text} = ${i}`] : []);
    const round = { span: count.span, what: "round" as const, round: i + 1, rounds: times, values };
    context.session.inRound(round, () => runBody(body, { ...context, environment }));
  }
}

function runIf({ arms, otherwise }: IfStatement, context: Context): void {
  for (const { condition, body } of arms) {
    const holds = decide(condition, placeOf(context), "the condition of if");
    if (holds === unknown) {
      context.flow.current = unknown;
      return;
    }
    if (holds) {
      runBody(body, context);
      return;
    }
  }
  if (otherwise) runBody(otherwise, context);
}

/** The layers of the training network only; the pipeline goes on where it was. */
function runTraining(body: Body, context: Context): void {
  const { graph } = context;
  const outer = graph.training;
  graph.training = true;
  runBody(body, { ...context, flow: { current: context.flow.current }, branches: null });
  graph.training = outer;
}

function publish({ name, span }: OutputStatement, context: Context): void {
  const { graph, flow, session } = context;
  if (graph.training) {
    session.report("output-in-training", span, {});
    return;
  }
  const earlier = graph.outputs.find((one) => one.name === name.text);
  if (earlier || name.text === "output" || name.text === graph.inputName) {
    const related = earlier ? [{ span: earlier.span, message: "the first of that name" }] : [];
    session.report("output-name-taken", name.span, { name: name.text, input: graph.inputName }, { related });
  } else if (flow.current !== null && flow.current !== unknown) {
    graph.outputs.push({ name: name.text, activation: flow.current, span });
  }
}
