import { type Completed, type CompletedOption, networksOf, type Values } from "./completion.ts";

export function zshScript(commands: readonly Completed[], program: Completed): string {
  return `#compdef dnetc
# Completions of dnetc for zsh. To load them, after compinit: eval "$(dnetc completion zsh)"
_dnetc_network() {
  local -a files found
  files=(\${(Q)\${(M)words:#*.dnet}})
  (( $#files )) && found=(\${(f)"$(${networksOf} $files 2>/dev/null)"})
  compadd -a found
}
_dnetc() {
  local curcontext=$curcontext state line
  local -a commands
  typeset -A opt_args
  _arguments -C ${program.options.map(specification).join(" ")} '1:command:->command' '*::argument:->argument' && return
  case $state in
    command)
      commands=(${commands.map((one) => quote(`${one.name}:${one.description}`)).join(" ")})
      _describe command commands ;;
    argument)
      case $line[1] in
${commands.map(argumentsOf).join("")}      esac ;;
  esac
}
if [[ $funcstack[1] == _dnetc ]]; then _dnetc "$@"; else compdef _dnetc dnetc; fi
`;
}

function argumentsOf({ name, options, argument }: Completed): string {
  const lines = [...options.map(specification), ...(argument ? [`'*:argument:${action(argument)}'`] : [])];
  return `        ${name}) _arguments \\\n${lines.map((line) => `          ${line}`).join(" \\\n")} ;;\n`;
}

/** `'(-o --output)'{-o,--output}'[what it does]:value:_files'` */
function specification({ flags, description, isRepeatable, value }: CompletedOption): string {
  const others = isRepeatable || flags.length === 1 ? "" : `(${flags.join(" ")})`;
  const before = `${others}${isRepeatable ? "*" : ""}`;
  const what = `[${description.replaceAll(/[[\]\\:]/g, String.raw`\$&`)}]${value ? `:value:${action(value)}` : ""}`;
  const each = flags.map((flag) => (value && flag.startsWith("--") ? `${flag}=` : flag));
  return each.map((flag) => quote(`${before}${flag}${what}`)).join(" ");
}

function action(values: Values): string {
  switch (values.kind) {
    case "words":
      return `(${values.words.join(" ")})`;
    case "dnet":
      return '_files -g "*.dnet(-.)"';
    case "model":
      return '_files -g "*.(dnet|onnx)(-.)"';
    case "file":
      return "_files";
    case "folder":
      return "_files -/";
    case "network":
      return "_dnetc_network";
    case "anything":
      return " ";
  }
}

function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
