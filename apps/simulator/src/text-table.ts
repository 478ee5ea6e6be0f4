/** A column: its heading, and how many characters wide. */
export interface Column {
  readonly heading: string;
  readonly width: number;
}

const GAP = '  ';

/** The headings and a line below them. */
export function tableHead(columns: readonly Column[]): string {
  const cells = columns.map(({ heading }) => heading);
  return `${tableRow(columns, cells)}\n${columns.map(({ width }) => '─'.repeat(width)).join(GAP)}`;
}

/** A row whose cells run over as many lines as their longest needs. */
export function tableRow(columns: readonly Column[], cells: readonly string[]): string {
  const wrapped = columns.map(({ width }, n) => wrap(cells[n] ?? '', width));
  const height = Math.max(...wrapped.map((lines) => lines.length));
  const lines = Array.from({ length: height }, (_, line) =>
    columns
      .map(({ width }, n) => (wrapped[n]?.[line] ?? '').padEnd(width))
      .join(GAP)
      .trimEnd(),
  );
  return lines.join('\n');
}

/** A text in lines of at most `width` characters; a word that is longer is cut. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((one) => pieces(one, width))) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

function pieces(word: string, width: number): string[] {
  const cut: string[] = [];
  for (let from = 0; from < word.length || from === 0; from += width) cut.push(word.slice(from, from + width));
  return cut;
}
