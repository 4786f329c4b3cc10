import { type Completed, type CompletedOption, networksOf, type Values } from "./completion.ts";

export function fishScript(commands: readonly Completed[], program: Completed): string {
  const names = commands.map((one) => one.name).join(" ");
  const isFirst = `not __fish_seen_subcommand_from ${names}`;
  const lines = [
    ...commands.map((one) => complete(isFirst, `-a ${one.name} -d ${quote(one.description)}`)),
    ...program.options.map((option) => complete(isFirst, optionOf(option))),
    ...commands.flatMap(({ name, options, argument }) => {
      const condition = `__fish_seen_subcommand_from ${name}`;
      const offered = argument ? argumentsFor(argument) : "";
      return [
        ...(offered === "" ? [] : [complete(condition, offered)]),
        ...options.map((option) => complete(condition, optionOf(option))),
      ];
    }),
  ];
  return `# Completions of dnetc for fish. To load them: dnetc completion fish | source
function __dnetc_networks
    set -l files (commandline -opc | string match -- '*.dnet')
    set -q files[1]; and ${networksOf} $files 2>/dev/null
end
complete -c dnetc -f
${lines.join("\n")}
`;
}

function complete(condition: string, what: string): string {
  return `complete -c dnetc -n ${quote(condition)} ${what}`;
}

function optionOf({ flags, description, value }: CompletedOption): string {
  const names = flags.map((flag) => (flag.startsWith("--") ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
  const what = value === null ? "" : ` ${value.kind === "file" ? "-r" : "-x"} ${argumentsFor(value)}`.trimEnd();
  return `${names.join(" ")}${what} -d ${quote(description)}`;
}

function argumentsFor(values: Values): string {
  switch (values.kind) {
    case "words":
      return `-a ${quote(values.words.join(" "))}`;
    case "dnet":
      return "-k -a '(__fish_complete_suffix .dnet)'";
    case "model":
    case "file":
      return "-F";
    case "folder":
      return "-a '(__fish_complete_directories)'";
    case "network":
      return "-a '(__dnetc_networks)'";
    case "anything":
      return "";
  }
}

function quote(text: string): string {
  return `'${text.replaceAll(/['\\]/g, String.raw`\$&`)}'`;
}
