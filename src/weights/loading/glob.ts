/** Whether a name is one of those that a pattern means: `*` stands for any characters, `?` for one. */
export function matcher(pattern: string): (name: string) => boolean {
  const source = pattern
    .replaceAll(/[\\^$.+()[\]{}|/]/g, "\\$&")
    .replaceAll("?", ".")
    .replaceAll(/\*+/g, ".*");
  const expression = new RegExp(`^${source}$`, "su");
  return (name) => expression.test(name);
}
