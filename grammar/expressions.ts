import { RecoveringParser } from "./recovery.ts";
import * as t from "./tokens.ts";

/**
 * Expressions and arguments. Expressions are read flat, operands with operators between, and nested by `precedence`
 * when the tree is built: a rule for each of the nine levels would make every bracket some fifty nested calls,
 * and the JavaScript stack holds no more than ten thousand or so.
 */
export abstract class ExpressionParser extends RecoveringParser {
  readonly expr = this.RULE(
    "expr",
    this.nested(() => {
      this.OR([
        {
          ALT: () => {
            this.CONSUME(t.Let);
            this.CONSUME(t.Name);
            this.CONSUME(t.Assign);
            this.SUBRULE(this.expr, { LABEL: "value" });
            this.CONSUME(t.In);
            this.SUBRULE2(this.expr, { LABEL: "body" });
          },
        },
        {
          ALT: () => {
            this.CONSUME(t.If);
            this.SUBRULE3(this.expr, { LABEL: "condition" });
            this.CONSUME(t.Then);
            this.SUBRULE4(this.expr, { LABEL: "then" });
            this.CONSUME(t.Else);
            this.SUBRULE5(this.expr, { LABEL: "otherwise" });
          },
        },
        {
          ALT: () => {
            this.SUBRULE(this.operand);
            this.MANY(() => {
              this.OR2([
                { ALT: () => this.CONSUME(t.Or, { LABEL: "operator" }) },
                { ALT: () => this.CONSUME(t.And, { LABEL: "operator" }) },
                { ALT: () => this.CONSUME(t.Equal, { LABEL: "operator" }) },
                { ALT: () => this.CONSUME(t.Unequal, { LABEL: "operator" }) },
                { ALT: () => this.CONSUME(t.Below, { LABEL: "operator" }) },
                { ALT: () => this.CONSUME(t.AtMost, { LABEL: "operator" }) },
                { ALT: () => this.CONSUME(t.Above, { LABEL: "operator" }) },
                { ALT: () => this.CONSUME(t.AtLeast, { LABEL: "operator" }) },
                { ALT: () => this.CONSUME(t.About, { LABEL: "operator" }) },
                { ALT: () => this.CONSUME(t.Dots, { LABEL: "operator" }) },
                { ALT: () => this.CONSUME(t.Plus, { LABEL: "operator" }) },
                { ALT: () => this.CONSUME(t.Minus, { LABEL: "operator" }) },
                { ALT: () => this.CONSUME(t.Star, { LABEL: "operator" }) },
                { ALT: () => this.CONSUME(t.Slash, { LABEL: "operator" }) },
                { ALT: () => this.CONSUME(t.Percent, { LABEL: "operator" }) },
                { ALT: () => this.CONSUME(t.Caret, { LABEL: "operator" }) },
              ]);
              this.SUBRULE2(this.operand);
            });
          },
        },
      ]);
    }),
  );

  readonly operand = this.RULE("operand", () => {
    this.MANY(() => {
      this.OR([
        { ALT: () => this.CONSUME(t.Minus, { LABEL: "prefix" }) },
        { ALT: () => this.CONSUME(t.Not, { LABEL: "prefix" }) },
      ]);
    });
    this.OR2([
      { ALT: () => this.CONSUME(t.Numeral) },
      { ALT: () => this.CONSUME(t.Size) },
      { ALT: () => this.CONSUME(t.Text) },
      { ALT: () => this.CONSUME(t.True) },
      { ALT: () => this.CONSUME(t.False) },
      { ALT: () => this.SUBRULE(this.reference) },
      {
        ALT: () => {
          this.CONSUME(t.LeftParen);
          this.SUBRULE(this.expr, { LABEL: "group" });
          this.CONSUME(t.RightParen);
        },
      },
      { ALT: () => this.SUBRULE(this.list) },
    ]);
    this.MANY2(() => {
      this.CONSUME(t.LeftBracket);
      this.SUBRULE2(this.expr, { LABEL: "index" });
      this.CONSUME(t.RightBracket);
    });
  });

  readonly reference = this.RULE("reference", () => {
    this.CONSUME(t.Name);
    this.OPTION(() => {
      this.CONSUME(t.LeftParen);
      this.OPTION2(() => {
        this.SUBRULE(this.expr);
        this.MANY(() => {
          this.CONSUME(t.Comma);
          this.SUBRULE2(this.expr);
        });
        this.OPTION3(() => this.CONSUME2(t.Comma));
      });
      this.CONSUME(t.RightParen);
    });
  });

  readonly list = this.RULE("list", () => {
    this.CONSUME(t.LeftBracket);
    this.OPTION(() => {
      this.SUBRULE(this.expr);
      this.OR([
        {
          ALT: () => {
            this.CONSUME(t.For);
            this.SUBRULE(this.pattern);
            this.CONSUME(t.In);
            this.SUBRULE2(this.expr, { LABEL: "over" });
          },
        },
        {
          ALT: () => {
            this.MANY(() => {
              this.CONSUME(t.Comma);
              this.SUBRULE3(this.expr);
            });
            this.OPTION2(() => this.CONSUME2(t.Comma));
          },
        },
      ]);
    });
    this.CONSUME(t.RightBracket);
  });

  readonly pattern = this.RULE("pattern", () => {
    this.OR([
      { ALT: () => this.CONSUME(t.Name) },
      {
        ALT: () => {
          this.CONSUME(t.LeftBracket);
          this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.CONSUME2(t.Name) });
          this.CONSUME(t.RightBracket);
        },
      },
    ]);
  });

  readonly args = this.RULE("args", () => {
    this.CONSUME(t.LeftParen);
    this.OPTION(() => {
      this.SUBRULE(this.arg);
      this.MANY(() => {
        this.CONSUME(t.Comma);
        this.SUBRULE2(this.arg);
      });
      this.OPTION2(() => this.CONSUME2(t.Comma));
    });
    this.CONSUME(t.RightParen);
  });

  readonly arg = this.RULE("arg", () => {
    this.OPTION(() => {
      this.CONSUME(t.Name);
      this.CONSUME(t.Assign);
    });
    this.SUBRULE(this.expr);
  });
}
