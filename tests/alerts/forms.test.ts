import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FORMS, formHtml, formOf } from '../../alerts/core/forms.ts';
import { FormPrinter } from '../../alerts/edge/form-pdf.ts';
import { DAY, START, Walk } from './ticket-world.ts';

function finished(): Walk {
  const walk = new Walk().take('start_diagnosis').take('diagnose').take({ type: 'decide', method: 'replacement' });
  walk
    .take('record_backup')
    .take('reserve_loan')
    .take('deliver_loan')
    .take('start_repair')
    .take('use_part')
    .take('add_labour')
    .take('replace_device');
  walk.ticket = {
    ...walk.ticket,
    report: { ...walk.ticket.report!, merchant: '老王面馆 <东店>', symptom: '打印字迹模糊，经常缺纸' },
  };
  return walk
    .take('finish_repair')
    .take('finding_cleared', 'system')
    .take('self_test_result', 'system')
    .wait(DAY)
    .take('telemetry_healthy', 'system')
    .take('sign_acceptance');
}

describe('10. Paperwork: fault report, repair record, replacement request, loan slip, acceptance form', () => {
  const { ticket } = finished();
  const printer = new FormPrinter();

  for (const name of FORMS) {
    for (const language of ['en', 'zh'] as const) {
      it(`${name} in ${language}: filled in from the ticket, as a page and as PDF`, async () => {
        const form = formOf(name, ticket, language, 'Asia/Shanghai', START);
        const html = formHtml(form);
        expect(html).toContain('老王面馆 &lt;东店&gt;');
        expect(html).toContain('A-100');
        expect(html).not.toMatch(/undefined|\[object/);
        const pdf = await printer.pdf(form, START);
        expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
        // Only the glyphs used are embedded, not the font.
        expect(pdf.length).toBeLessThan(200_000);
        expect(pdf.toString('latin1')).toContain('/FontFile3');
      });
    }
  }

  it('says what the form is for: the loaner, the parts, the signature', () => {
    const text = (name: (typeof FORMS)[number]): string => formHtml(formOf(name, ticket, 'zh', 'Asia/Shanghai', START));
    expect(text('loan_slip')).toContain('SP-1');
    expect(text('repair_record')).toContain('H-77');
    expect(text('replacement_request')).toContain('P500');
    expect(text('acceptance_form')).toContain('Mrs Li');
    expect(text('fault_report')).toContain('打印字迹模糊');
  });

  it.skipIf(!existsSync('/usr/bin/pdftotext'))('its Chinese text can be read back out of the PDF', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'tillwatch-form-'));
    try {
      const file = join(dir, 'form.pdf');
      writeFileSync(file, await printer.pdf(formOf('fault_report', ticket, 'zh', 'Asia/Shanghai', START), START));
      const text = execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' });
      expect(text).toContain('故障报修单');
      expect(text).toContain('打印字迹模糊，经常缺纸');
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });
});
