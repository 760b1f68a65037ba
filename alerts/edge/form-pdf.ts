import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import PDFDocument from 'pdfkit';
import { FORM_WORDS } from '../core/form-words.ts';
import type { Block, Form } from '../core/forms.ts';

const MARGIN = 51;
const LABEL_SHARE = 0.32;
const PAD = 4;

/** Prints forms as PDF (A4) with the glyphs they use embedded, Latin and Chinese alike. */
export class FormPrinter {
  #font: Buffer | undefined;

  /** Reads the font once, at its first use: most platforms never print. */
  #glyphs(): Buffer {
    this.#font ??= readFileSync(fileURLToPath(new URL('./fonts/noto-sans-sc.otf', import.meta.url)));
    return this.#font;
  }

  async pdf(form: Form, at: number): Promise<Buffer> {
    const document = new PDFDocument({
      size: 'A4',
      margin: MARGIN,
      font: '',
      lang: form.language,
      displayTitle: true,
      info: { Title: `${form.title} ${form.number}`, CreationDate: new Date(at), Producer: 'Tillwatch' },
    });
    const chunks: Buffer[] = [];
    const done = new Promise<void>((resolve, reject) => {
      document.on('data', (chunk: Buffer) => chunks.push(chunk));
      document.on('end', resolve);
      document.on('error', reject);
    });
    document.registerFont('text', this.#glyphs()).font('text');
    head(document, form);
    for (const block of form.blocks) draw(document, block);
    document.end();
    await done;
    return Buffer.concat(chunks);
  }
}

type Page = PDFKit.PDFDocument;

function width(document: Page): number {
  return document.page.width - 2 * MARGIN;
}

function head(document: Page, form: Form): void {
  const top = document.y;
  document.fontSize(18).text(form.title, MARGIN, top, { width: width(document) * 0.6 });
  const below = document.y;
  document
    .fontSize(10)
    .text(`${FORM_WORDS.ticket[form.language]} ${form.number}`, MARGIN, top, { width: width(document), align: 'right' })
    .text(`${FORM_WORDS.date[form.language]} ${form.date}`, { width: width(document), align: 'right' });
  document.y = Math.max(below, document.y) + 6;
}

function room(document: Page, height: number): void {
  if (document.y + height > document.page.height - MARGIN) document.addPage();
}

function draw(document: Page, block: Block): void {
  if (block.heading) {
    room(document, 50);
    document.moveDown(0.6).fontSize(12).text(block.heading, MARGIN, document.y);
    document
      .moveTo(MARGIN, document.y)
      .lineTo(MARGIN + width(document), document.y)
      .lineWidth(0.5)
      .stroke('#999999');
    document.y += 3;
  }
  document.fontSize(10).fillColor('#111111');
  switch (block.kind) {
    case 'facts':
      for (const row of block.rows) cells(document, row, [LABEL_SHARE, 1 - LABEL_SHARE]);
      break;
    case 'table': {
      const share = block.columns.map(() => 1 / block.columns.length);
      cells(document, block.columns, share);
      for (const row of block.rows) cells(document, row, share);
      break;
    }
    case 'text':
      for (const line of block.lines) {
        room(document, 20);
        document.text(line, MARGIN, document.y, { width: width(document) });
      }
      break;
    case 'signatures': {
      room(document, 80);
      const each = width(document) / block.who.length;
      const line = document.y + 48;
      for (const [i, who] of block.who.entries()) {
        const left = MARGIN + i * each;
        document
          .moveTo(left, line)
          .lineTo(left + each - 24, line)
          .lineWidth(0.7)
          .stroke('#111111');
        document.text(who, left, line + 3, { width: each - 24 });
      }
      break;
    }
  }
}

function cells(document: Page, row: readonly string[], shares: readonly number[]): void {
  const total = width(document);
  const heights = row.map((cell, i) => document.heightOfString(cell, { width: total * shares[i]! - 2 * PAD }));
  const height = Math.max(...heights) + 2 * PAD;
  room(document, height);
  const top = document.y;
  let left = MARGIN;
  for (const [i, cell] of row.entries()) {
    const wide = total * shares[i]!;
    document.rect(left, top, wide, height).lineWidth(0.4).stroke('#bbbbbb');
    document.text(cell, left + PAD, top + PAD, { width: wide - 2 * PAD });
    left += wide;
  }
  document.y = top + height;
}
