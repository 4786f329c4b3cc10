import type { CstNode, ICstVisitor, IToken } from "chevrotain";

export interface ExprCstNode extends CstNode {
  name: "expr";
  children: ExprCstChildren;
}

export type ExprCstChildren = {
  Let?: IToken[];
  NAME?: IToken[];
  Assign?: IToken[];
  value?: ExprCstNode[];
  In?: IToken[];
  body?: ExprCstNode[];
  If?: IToken[];
  condition?: ExprCstNode[];
  Then?: IToken[];
  then?: ExprCstNode[];
  Else?: IToken[];
  otherwise?: ExprCstNode[];
  operand?: (OperandCstNode)[];
  operator?: (IToken)[];
};

export interface OperandCstNode extends CstNode {
  name: "operand";
  children: OperandCstChildren;
}

export type OperandCstChildren = {
  prefix?: (IToken)[];
  NUMBER?: IToken[];
  SIZE?: IToken[];
  STRING?: IToken[];
  True?: IToken[];
  False?: IToken[];
  reference?: ReferenceCstNode[];
  LeftParen?: IToken[];
  group?: ExprCstNode[];
  RightParen?: IToken[];
  list?: ListCstNode[];
  LeftBracket?: IToken[];
  index?: ExprCstNode[];
  RightBracket?: IToken[];
};

export interface ReferenceCstNode extends CstNode {
  name: "reference";
  children: ReferenceCstChildren;
}

export type ReferenceCstChildren = {
  NAME: IToken[];
  LeftParen?: IToken[];
  expr?: (ExprCstNode)[];
  Comma?: (IToken)[];
  RightParen?: IToken[];
};

export interface ListCstNode extends CstNode {
  name: "list";
  children: ListCstChildren;
}

export type ListCstChildren = {
  LeftBracket: IToken[];
  expr?: (ExprCstNode)[];
  For?: IToken[];
  pattern?: PatternCstNode[];
  In?: IToken[];
  over?: ExprCstNode[];
  Comma?: (IToken)[];
  RightBracket: IToken[];
};

export interface PatternCstNode extends CstNode {
  name: "pattern";
  children: PatternCstChildren;
}

export type PatternCstChildren = {
  NAME?: (IToken)[];
  LeftBracket?: IToken[];
  Comma?: IToken[];
  RightBracket?: IToken[];
};

export interface ArgsCstNode extends CstNode {
  name: "args";
  children: ArgsCstChildren;
}

export type ArgsCstChildren = {
  LeftParen: IToken[];
  arg?: (ArgCstNode)[];
  Comma?: (IToken)[];
  RightParen: IToken[];
};

export interface ArgCstNode extends CstNode {
  name: "arg";
  children: ArgCstChildren;
}

export type ArgCstChildren = {
  NAME?: IToken[];
  Assign?: IToken[];
  expr: ExprCstNode[];
};

export interface FileCstNode extends CstNode {
  name: "file";
  children: FileCstChildren;
}

export type FileCstChildren = {
  declaration?: DeclarationCstNode[];
};

export interface DeclarationCstNode extends CstNode {
  name: "declaration";
  children: DeclarationCstChildren;
}

export type DeclarationCstChildren = {
  network?: NetworkCstNode[];
  block?: BlockCstNode[];
  fn?: FnCstNode[];
  letStatement?: LetStatementCstNode[];
  importDeclaration?: ImportDeclarationCstNode[];
};

export interface NetworkCstNode extends CstNode {
  name: "network";
  children: NetworkCstChildren;
}

export type NetworkCstChildren = {
  Network: IToken[];
  NAME: IToken[];
  Assign?: IToken[];
  base?: IToken[];
  args?: ArgsCstNode[];
  body?: (BodyCstNode)[];
  params?: ParamsCstNode[];
};

export interface BlockCstNode extends CstNode {
  name: "block";
  children: BlockCstChildren;
}

export type BlockCstChildren = {
  Block: IToken[];
  NAME: IToken[];
  params?: ParamsCstNode[];
  body: BodyCstNode[];
};

export interface FnCstNode extends CstNode {
  name: "fn";
  children: FnCstChildren;
}

export type FnCstChildren = {
  Fn: IToken[];
  NAME: IToken[];
  LeftParen: IToken[];
  param?: IToken[];
  Comma?: IToken[];
  RightParen: IToken[];
  Assign: IToken[];
  expr: ExprCstNode[];
};

export interface LetStatementCstNode extends CstNode {
  name: "letStatement";
  children: LetStatementCstChildren;
}

export type LetStatementCstChildren = {
  Let: IToken[];
  NAME: IToken[];
  Assign: IToken[];
  expr: ExprCstNode[];
};

export interface ImportDeclarationCstNode extends CstNode {
  name: "importDeclaration";
  children: ImportDeclarationCstChildren;
}

export type ImportDeclarationCstChildren = {
  Import: IToken[];
  LeftBrace: IToken[];
  NAME: IToken[];
  Comma?: IToken[];
  RightBrace: IToken[];
  From: IToken[];
  STRING: IToken[];
};

export interface ParamsCstNode extends CstNode {
  name: "params";
  children: ParamsCstChildren;
}

export type ParamsCstChildren = {
  LeftParen: IToken[];
  param?: (ParamCstNode)[];
  Comma?: (IToken)[];
  RightParen: IToken[];
};

export interface ParamCstNode extends CstNode {
  name: "param";
  children: ParamCstChildren;
}

export type ParamCstChildren = {
  NAME: IToken[];
  Assign?: IToken[];
  expr?: ExprCstNode[];
};

export interface BodyCstNode extends CstNode {
  name: "body";
  children: BodyCstChildren;
}

export type BodyCstChildren = {
  LeftBrace: IToken[];
  statement?: (InputStatementCstNode | LetStatementCstNode | ForStatementCstNode | RepeatStatementCstNode | IfStatementCstNode | NameStatementCstNode | FromStatementCstNode | RequireStatementCstNode | ExpectStatementCstNode | OutputStatementCstNode | TrainingStatementCstNode | LabelledCstNode | ApplyCstNode)[];
  RightBrace: IToken[];
};

export interface InputStatementCstNode extends CstNode {
  name: "inputStatement";
  children: InputStatementCstChildren;
}

export type InputStatementCstChildren = {
  Input: IToken[];
  NAME: IToken[];
  LeftBracket: IToken[];
  expr: ExprCstNode[];
  Comma?: IToken[];
  RightBracket: IToken[];
};

export interface ForStatementCstNode extends CstNode {
  name: "forStatement";
  children: ForStatementCstChildren;
}

export type ForStatementCstChildren = {
  For: IToken[];
  forHeader: ForHeaderCstNode[];
  body: BodyCstNode[];
};

export interface ForHeaderCstNode extends CstNode {
  name: "forHeader";
  children: ForHeaderCstChildren;
}

export type ForHeaderCstChildren = {
  pattern: PatternCstNode[];
  In: IToken[];
  expr: ExprCstNode[];
  As?: IToken[];
  NAME?: IToken[];
};

export interface RepeatStatementCstNode extends CstNode {
  name: "repeatStatement";
  children: RepeatStatementCstChildren;
}

export type RepeatStatementCstChildren = {
  Repeat: IToken[];
  repeatHeader: RepeatHeaderCstNode[];
  body: BodyCstNode[];
};

export interface RepeatHeaderCstNode extends CstNode {
  name: "repeatHeader";
  children: RepeatHeaderCstChildren;
}

export type RepeatHeaderCstChildren = {
  expr: ExprCstNode[];
  As?: IToken[];
  NAME?: IToken[];
};

export interface IfStatementCstNode extends CstNode {
  name: "ifStatement";
  children: IfStatementCstChildren;
}

export type IfStatementCstChildren = {
  If: (IToken)[];
  expr: (ExprCstNode)[];
  body: (BodyCstNode)[];
  Else?: (IToken)[];
  otherwise?: BodyCstNode[];
};

export interface NameStatementCstNode extends CstNode {
  name: "nameStatement";
  children: NameStatementCstChildren;
}

export type NameStatementCstChildren = {
  Arrow: IToken[];
  tensor: TensorCstNode[];
};

export interface FromStatementCstNode extends CstNode {
  name: "fromStatement";
  children: FromStatementCstChildren;
}

export type FromStatementCstChildren = {
  From: IToken[];
  tensor: TensorCstNode[];
  body?: BodyCstNode[];
};

export interface RequireStatementCstNode extends CstNode {
  name: "requireStatement";
  children: RequireStatementCstChildren;
}

export type RequireStatementCstChildren = {
  Require: IToken[];
  expr: ExprCstNode[];
  Comma?: IToken[];
  STRING?: IToken[];
};

export interface ExpectStatementCstNode extends CstNode {
  name: "expectStatement";
  children: ExpectStatementCstChildren;
}

export type ExpectStatementCstChildren = {
  Expect: IToken[];
  expr: ExprCstNode[];
};

export interface OutputStatementCstNode extends CstNode {
  name: "outputStatement";
  children: OutputStatementCstChildren;
}

export type OutputStatementCstChildren = {
  Output: IToken[];
  NAME: IToken[];
};

export interface TrainingStatementCstNode extends CstNode {
  name: "trainingStatement";
  children: TrainingStatementCstChildren;
}

export type TrainingStatementCstChildren = {
  Training: IToken[];
  body: BodyCstNode[];
};

export interface LabelledCstNode extends CstNode {
  name: "labelled";
  children: LabelledCstChildren;
}

export type LabelledCstChildren = {
  label: LabelCstNode[];
  Colon: IToken[];
  body?: BodyCstNode[];
  apply?: ApplyCstNode[];
};

export interface LabelCstNode extends CstNode {
  name: "label";
  children: LabelCstChildren;
}

export type LabelCstChildren = {
  NAME?: IToken[];
  STRING?: IToken[];
};

export interface ApplyCstNode extends CstNode {
  name: "apply";
  children: ApplyCstChildren;
}

export type ApplyCstChildren = {
  NAME: IToken[];
  args?: ArgsCstNode[];
  As?: IToken[];
  index?: IToken[];
  body?: BodyCstNode[];
  shortcut?: IToken[];
  detour?: BodyCstNode[];
};

export interface TensorCstNode extends CstNode {
  name: "tensor";
  children: TensorCstChildren;
}

export type TensorCstChildren = {
  NAME: IToken[];
  LeftBracket?: IToken[];
  expr?: ExprCstNode[];
  RightBracket?: IToken[];
};
