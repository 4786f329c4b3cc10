import { type Completed, networksOf, type Values } from "./completion.ts";

/** For bash from 3.2, which macOS has, without the package of completions. */
export function bashScript(commands: readonly Completed[], program: Completed): string {
  return `# Completions of dnetc for bash. To load them: eval "$(dnetc completion bash)"
_dnetc_unquoted() { printf %s "$1" | tr -d '"\\\\'\\'; }
_dnetc_offer() {
  local line
  while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen "$@" -- "$cur")
}
_dnetc_words() { _dnetc_offer -W "$1"; }
_dnetc_file() { compopt -o filenames 2>/dev/null; _dnetc_offer -f; }
_dnetc_folder() { compopt -o filenames 2>/dev/null; _dnetc_offer -d; }
_dnetc_dnet() { compopt -o filenames 2>/dev/null; _dnetc_offer -d; _dnetc_offer -f -X '!*.dnet'; }
_dnetc_model() { _dnetc_dnet; _dnetc_offer -f -X '!*.onnx'; }
_dnetc_network() {
  local word found=()
  for word in "\${COMP_WORDS[@]}"; do
    word=$(_dnetc_unquoted "$word")
    [[ $word == *.dnet ]] && found+=("$word")
  done
  (( \${#found[@]} )) && _dnetc_words "$(${networksOf} "\${found[@]}" 2>/dev/null)"
}
_dnetc() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} command= index
  COMPREPLY=()
  # --format=json is three words to bash.
  if [[ $cur == = ]]; then cur=
  elif [[ $prev == = ]]; then prev=\${COMP_WORDS[COMP_CWORD-2]}; fi
  cur=$(_dnetc_unquoted "$cur")
  for (( index = 1; index < COMP_CWORD; index++ )); do
    if [[ \${COMP_WORDS[index]} != -* ]]; then command=\${COMP_WORDS[index]}; break; fi
  done
  case $command in
${commands.map((one) => place(one.name, one)).join("")}${place("''", program)}  esac
}
complete -F _dnetc dnetc
`;
}

function place(pattern: string, { options, argument }: Completed): string {
  const values = options
    .filter((option) => option.value !== null)
    .map(({ flags, value }) => `        ${flags.join("|")}) ${offer(value)}; return ;;\n`);
  const cases = values.length > 0 ? `      case $prev in\n${values.join("")}      esac\n` : "";
  const flags = options.flatMap((option) => option.flags).join(" ");
  return `    ${pattern})
${cases}      if [[ $cur == -* ]]; then _dnetc_words '${flags}'; else ${offer(argument)}; fi ;;
`;
}

function offer(values: Values | null): string {
  if (values === null || values.kind === "anything") return ":";
  return values.kind === "words" ? `_dnetc_words '${values.words.join(" ")}'` : `_dnetc_${values.kind}`;
}
