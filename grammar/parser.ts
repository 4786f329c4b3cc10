import { ExpressionParser } from "./expressions.ts";
import * as t from "./tokens.ts";

/**
 * The grammar of dnet, LL(2), and nothing but the grammar: rules as class properties, no meaning.
 *
 * A rule must not be called `input`; it would overwrite Parser.input.
 */
export class DnetParser extends ExpressionParser {
  /** `checked`: analyse the grammar, and prove that it is LL(2) without ambiguity, as tests and generators do. */
  constructor(checked = false) {
    super(t.vocabulary, checked);
    this.performSelfAnalysis();
  }

  readonly file = this.RULE("file", () => {
    this.MANY(() => this.SUBRULE(this.declaration));
  });

  readonly declaration = this.RULE("declaration", () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.network) },
      { ALT: () => this.SUBRULE(this.block) },
      { ALT: () => this.SUBRULE(this.fn) },
      { ALT: () => this.SUBRULE(this.letStatement) },
      { ALT: () => this.SUBRULE(this.importDeclaration) },
    ]);
  });

  readonly network = this.RULE("network", () => {
    this.CONSUME(t.Network);
    this.CONSUME(t.Name);
    this.OR([
      {
        ALT: () => {
          this.CONSUME(t.Assign);
          this.CONSUME2(t.Name, { LABEL: "base" });
          this.OPTION(() => this.SUBRULE(this.args));
          this.OPTION2(() => this.SUBRULE(this.body));
        },
      },
      {
        ALT: () => {
          this.OPTION3(() => this.SUBRULE(this.params));
          this.SUBRULE2(this.body);
        },
      },
    ]);
  });

  readonly block = this.RULE("block", () => {
    this.CONSUME(t.Block);
    this.CONSUME(t.Name);
    this.OPTION(() => this.SUBRULE(this.params));
    this.SUBRULE(this.body);
  });

  readonly fn = this.RULE("fn", () => {
    this.CONSUME(t.Fn);
    this.CONSUME(t.Name);
    this.CONSUME(t.LeftParen);
    this.MANY_SEP({ SEP: t.Comma, DEF: () => this.CONSUME2(t.Name, { LABEL: "param" }) });
    this.CONSUME(t.RightParen);
    this.CONSUME(t.Assign);
    this.SUBRULE(this.expr);
  });

  readonly letStatement = this.RULE("letStatement", () => {
    this.CONSUME(t.Let);
    this.CONSUME(t.Name);
    this.CONSUME(t.Assign);
    this.SUBRULE(this.expr);
  });

  readonly importDeclaration = this.RULE("importDeclaration", () => {
    this.CONSUME(t.Import);
    this.CONSUME(t.LeftBrace);
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.CONSUME(t.Name) });
    this.CONSUME(t.RightBrace);
    this.CONSUME(t.From);
    this.CONSUME(t.Text);
  });

  readonly params = this.RULE("params", () => {
    this.CONSUME(t.LeftParen);
    this.OPTION(() => {
      this.SUBRULE(this.param);
      this.MANY(() => {
        this.CONSUME(t.Comma);
        this.SUBRULE2(this.param);
      });
      this.OPTION2(() => this.CONSUME2(t.Comma));
    });
    this.CONSUME(t.RightParen);
  });

  readonly param = this.RULE("param", () => {
    this.CONSUME(t.Name);
    this.OPTION(() => {
      this.CONSUME(t.Assign);
      this.SUBRULE(this.expr);
    });
  });

  readonly body = this.RULE(
    "body",
    this.nested(() => {
      this.CONSUME(t.LeftBrace);
      this.MANY(() => {
        this.OR([
          { ALT: () => this.SUBRULE(this.inputStatement, { LABEL: "statement" }) },
          { ALT: () => this.SUBRULE(this.letStatement, { LABEL: "statement" }) },
          { ALT: () => this.SUBRULE(this.forStatement, { LABEL: "statement" }) },
          { ALT: () => this.SUBRULE(this.repeatStatement, { LABEL: "statement" }) },
          { ALT: () => this.SUBRULE(this.ifStatement, { LABEL: "statement" }) },
          { ALT: () => this.SUBRULE(this.nameStatement, { LABEL: "statement" }) },
          { ALT: () => this.SUBRULE(this.fromStatement, { LABEL: "statement" }) },
          { ALT: () => this.SUBRULE(this.requireStatement, { LABEL: "statement" }) },
          { ALT: () => this.SUBRULE(this.expectStatement, { LABEL: "statement" }) },
          { ALT: () => this.SUBRULE(this.outputStatement, { LABEL: "statement" }) },
          { ALT: () => this.SUBRULE(this.trainingStatement, { LABEL: "statement" }) },
          { ALT: () => this.SUBRULE(this.labelled, { LABEL: "statement" }) },
          { ALT: () => this.SUBRULE(this.apply, { LABEL: "statement" }) },
        ]);
      });
      this.CONSUME(t.RightBrace);
    }),
  );

  readonly inputStatement = this.RULE("inputStatement", () => {
    this.CONSUME(t.Input);
    this.CONSUME(t.Name);
    this.CONSUME(t.LeftBracket);
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.expr) });
    this.CONSUME(t.RightBracket);
  });

  readonly forStatement = this.RULE("forStatement", () => {
    this.CONSUME(t.For);
    this.SUBRULE(this.forHeader);
    this.SUBRULE(this.body);
  });

  readonly forHeader = this.RULE("forHeader", () => {
    this.SUBRULE(this.pattern);
    this.CONSUME(t.In);
    this.SUBRULE(this.expr);
    this.OPTION(() => {
      this.CONSUME(t.As);
      this.CONSUME(t.Name);
    });
  });

  readonly repeatStatement = this.RULE("repeatStatement", () => {
    this.CONSUME(t.Repeat);
    this.SUBRULE(this.repeatHeader);
    this.SUBRULE(this.body);
  });

  readonly repeatHeader = this.RULE("repeatHeader", () => {
    this.SUBRULE(this.expr);
    this.OPTION(() => {
      this.CONSUME(t.As);
      this.CONSUME(t.Name);
    });
  });

  readonly ifStatement = this.RULE("ifStatement", () => {
    this.CONSUME(t.If);
    this.SUBRULE(this.expr);
    this.SUBRULE(this.body);
    this.MANY(() => {
      this.CONSUME(t.Else);
      this.CONSUME2(t.If);
      this.SUBRULE2(this.expr);
      this.SUBRULE2(this.body);
    });
    this.OPTION(() => {
      this.CONSUME2(t.Else);
      this.SUBRULE3(this.body, { LABEL: "otherwise" });
    });
  });

  readonly nameStatement = this.RULE("nameStatement", () => {
    this.CONSUME(t.Arrow);
    this.SUBRULE(this.tensor);
  });

  readonly fromStatement = this.RULE("fromStatement", () => {
    this.CONSUME(t.From);
    this.SUBRULE(this.tensor);
    this.OPTION(() => this.SUBRULE(this.body));
  });

  readonly requireStatement = this.RULE("requireStatement", () => {
    this.CONSUME(t.Require);
    this.SUBRULE(this.expr);
    this.OPTION(() => {
      this.CONSUME(t.Comma);
      this.CONSUME(t.Text);
    });
  });

  readonly expectStatement = this.RULE("expectStatement", () => {
    this.CONSUME(t.Expect);
    this.SUBRULE(this.expr);
  });

  readonly outputStatement = this.RULE("outputStatement", () => {
    this.CONSUME(t.Output);
    this.CONSUME(t.Name);
  });

  readonly trainingStatement = this.RULE("trainingStatement", () => {
    this.CONSUME(t.Training);
    this.SUBRULE(this.body);
  });

  readonly labelled = this.RULE("labelled", () => {
    this.SUBRULE(this.label);
    this.CONSUME(t.Colon);
    this.OR([{ ALT: () => this.SUBRULE(this.body) }, { ALT: () => this.SUBRULE(this.apply) }]);
  });

  /** A reserved word before ":" has become a NAME by `tokenize`. */
  readonly label = this.RULE("label", () => {
    this.OR([{ ALT: () => this.CONSUME(t.Name) }, { ALT: () => this.CONSUME(t.Text) }]);
  });

  readonly apply = this.RULE("apply", () => {
    this.CONSUME(t.Name);
    this.OPTION(() => this.SUBRULE(this.args));
    this.OPTION2(() => {
      this.CONSUME(t.As);
      this.CONSUME2(t.Name, { LABEL: "index" });
    });
    this.OPTION3(() => this.SUBRULE(this.body));
    this.OPTION4({
      GATE: () => this.LA(1).image === "shortcut" && this.LA(2).tokenType === t.LeftBrace,
      DEF: () => {
        this.CONSUME3(t.Name, { LABEL: "shortcut" });
        this.SUBRULE2(this.body, { LABEL: "detour" });
      },
    });
  });

  readonly tensor = this.RULE("tensor", () => {
    this.CONSUME(t.Name);
    this.OPTION(() => {
      this.CONSUME(t.LeftBracket);
      this.SUBRULE(this.expr);
      this.CONSUME(t.RightBracket);
    });
  });
}

/** The one parser; made when first needed, as that takes longer than reading most files. */
export function grammar(): DnetParser {
  parser ??= new DnetParser();
  return parser;
}

let parser: DnetParser | undefined;
