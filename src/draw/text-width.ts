/**
 * Widths of characters in thousandths of the font size: the greatest among Helvetica, Arial, Liberation Sans, DejaVu Sans
 * and Segoe UI, so that a text takes no more room than is told here, whichever of them a viewer has.
 */
const narrow = "ijl.,:;|'!";
const slim = 'ftrI()[]{}/-"` ·';
const wide = "mwMW@%…—";

function widthOfCharacter(character: string): number {
  if (narrow.includes(character)) return 340;
  if (slim.includes(character)) return 420;
  if (wide.includes(character)) return 1000;
  if (/[A-Z+=×−<>→⌊⌋~&Σ]/.test(character)) return 840;
  if (/[\x20-\x7e\u00a0-\u024f]/.test(character)) return 640;
  return 1000;
}

/** Bold letters are wider. */
export function textWidth(text: string, size: number, isBold = false): number {
  let thousandths = 0;
  for (const character of text) thousandths += widthOfCharacter(character);
  return (thousandths * size * (isBold ? 1.08 : 1)) / 1000;
}

/** The text as far as it fits, with `…` for the rest. */
export function shortened(text: string, size: number, width: number, isBold = false): string {
  if (textWidth(text, size, isBold) <= width) return text;
  const characters = [...text];
  while (characters.length > 0 && textWidth(`${characters.join("")}…`, size, isBold) > width) characters.pop();
  return `${characters.join("").trimEnd()}…`;
}
