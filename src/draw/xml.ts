const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

// What XML does not allow, and what turns text around or hides in it.
const unsafe = /(?![\t\n\r])[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufffe\uffff]/gu;

/** Text as it stands in XML, in an element or an attribute. */
export function escaped(text: string): string {
  return text.replaceAll(unsafe, "\ufffd").replaceAll(/[&<>"']/g, (character) => escapes[character] ?? character);
}

/** `<name a="1">inside</name>` */
export function element(name: string, attributes: Readonly<Record<string, string | number>>, inside?: string): string {
  const listed = Object.entries(attributes).map(
    ([key, value]) => ` ${key}="${typeof value === "number" ? figure(value) : escaped(value)}"`,
  );
  const start = `<${name}${listed.join("")}`;
  return inside === undefined ? `${start}/>` : `${start}>${inside}</${name}>`;
}

/** To a tenth, and no more digits than that takes. */
export function figure(value: number): string {
  return String(Math.round(value * 10) / 10 + 0);
}
