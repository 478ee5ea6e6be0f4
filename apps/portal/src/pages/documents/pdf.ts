import { createRequire } from 'node:module';

/** A part of a document that is read from top to bottom. */
export type DocumentPart =
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'facts'; readonly facts: readonly (readonly [name: string, value: string])[] }
  | { readonly kind: 'entry'; readonly when: string; readonly title: string; readonly lines: readonly string[] }
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'table';
      readonly columns: readonly string[];
      readonly rows: readonly (readonly string[])[];
    };

/** A document as it is printed or handed over. */
export interface PrintedDocument {
  /** Also the file's own title: it never holds anything of a person. */
  readonly title: string;
  /** Above everything: whose document it is, and when it was made. */
  readonly origin: string;
  readonly parts: readonly DocumentPart[];
}

const { resolve } = createRequire(import.meta.url);
/** Letters of every name that a person can have here; the fonts of PDF itself know those of western Europe alone. */
const FONTS = {
  plain: resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'),
  bold: resolve('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf'),
};
const GREY = '#555555';

/**
 * The document as a PDF of A4 pages, tagged for those who have it read to them (headings, paragraphs, tables; Swedish).
 * @returns the file's bytes
 */
export async function pdfOf({ title, origin, parts }: PrintedDocument): Promise<Buffer> {
  // Loaded when the first document is asked for: a hub whose people only read has no use for it in its memory.
  const { default: PdfWriter } = await import('pdfkit');
  const pdf = new PdfWriter({
    ...{
      size: 'A4',
      margin: 56,
      lang: 'sv-SE',
      tagged: true,
      displayTitle: true,
      pdfVersion: '1.7',
      bufferPages: true,
    },
    info: { Title: title, Creator: 'Bryggan' },
  });
  const bytes: Buffer[] = [];
  const ended = new Promise<void>((end, fail) => {
    pdf.on('data', (chunk: Buffer) => bytes.push(chunk));
    pdf.on('end', end);
    pdf.on('error', fail);
  });
  pdf.registerFont('plain', FONTS.plain).registerFont('bold', FONTS.bold);
  write(pdf, 'P', origin, { size: 9, color: GREY });
  write(pdf, 'H1', title, { font: 'bold', size: 18, after: 8 });
  for (const part of parts) writePart(pdf, part);
  numberPages(pdf);
  pdf.end();
  await ended;
  return Buffer.concat(bytes);
}

interface Style {
  readonly font?: 'plain' | 'bold';
  readonly size?: number;
  readonly color?: string;
  /** Points of air below. */
  readonly after?: number;
}

function write(
  pdf: PDFKit.PDFDocument,
  tag: 'H1' | 'H2' | 'H3' | 'P',
  text: string,
  { font = 'plain', size = 10, color = 'black', after = 3 }: Style = {},
): void {
  const draw = (): void => void pdf.font(font).fontSize(size).fillColor(color).text(text, { lineGap: 2 });
  pdf.addStructure(pdf.struct(tag, {}, draw));
  pdf.y += after;
}

function writePart(pdf: PDFKit.PDFDocument, part: DocumentPart): void {
  switch (part.kind) {
    case 'heading':
      pdf.y += 8;
      write(pdf, 'H2', part.text, { font: 'bold', size: 13, after: 4 });
      return;
    case 'facts':
      for (const [name, value] of part.facts) write(pdf, 'P', `${name}: ${value}`);
      return;
    case 'entry':
      write(pdf, 'P', part.when, { size: 9, color: GREY, after: 0 });
      write(pdf, 'H3', part.title, { font: 'bold', size: 11, after: 1 });
      for (const line of part.lines) write(pdf, 'P', line, { after: 1 });
      pdf.y += 7;
      return;
    case 'text':
      write(pdf, 'P', part.text);
      return;
    case 'table':
      writeTable(pdf, part.columns, part.rows);
  }
}

const PADDING = 4;

/**
 * Each column has the width of its longest text, and the one with the longest of all has what is left: columns of one width
 * break Swedish words in the middle.
 * @param widthOf points that a text takes with the air around it
 */
export function columnWidths(
  rows: readonly (readonly string[])[],
  widthOf: (text: string) => number,
): readonly (number | '*')[] {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => widthOf(row[at] ?? ''))));
  const widest = widths.indexOf(Math.max(...widths));
  return widths.map((width, at) => (at === widest ? '*' : width));
}

function writeTable(pdf: PDFKit.PDFDocument, columns: readonly string[], rows: readonly (readonly string[])[]): void {
  pdf.font('plain').fontSize(9).fillColor('black');
  const cells = [columns, ...rows].map((row, index) =>
    row.map((text) => ({ text, type: index === 0 ? ('TH' as const) : ('TD' as const) })),
  );
  const border = { top: 0, right: 0, bottom: 0.5, left: 0 };
  // The table's cells are tagged as such below the document itself.
  const defaultStyle = { border, borderColor: '#bbbbbb', padding: PADDING };
  const widths = columnWidths([columns, ...rows], (text) => pdf.widthOfString(text) + 2 * PADDING + 1);
  const columnStyles = widths.map((width) => ({ width }));
  const options = { defaultStyle, columnStyles, data: cells, structParent: pdf };
  pdf.table(options);
  pdf.x = pdf.page.margins.left;
  pdf.y += 8;
}

/** Below each page, when their number is known. */
function numberPages(pdf: PDFKit.PDFDocument): void {
  const { count } = pdf.bufferedPageRange();
  for (let page = 0; page < count; page += 1) {
    pdf.switchToPage(page);
    const { bottom, left } = pdf.page.margins;
    // Text in the margin would begin another page.
    pdf.page.margins.bottom = 0;
    pdf.font('plain').fontSize(8).fillColor(GREY);
    pdf.markContent('Artifact', { type: 'Pagination' });
    pdf.text(`Sida ${page + 1} av ${count}`, left, pdf.page.height - bottom + 16, { lineBreak: false });
    pdf.endMarkedContent();
    pdf.page.margins.bottom = bottom;
  }
}
