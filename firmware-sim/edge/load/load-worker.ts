import { messageOf } from '../../../contract/errors.ts';
import { LoadEngine } from './engine.ts';
import type { LoadOptions } from './options.ts';
import type { FromProcess, ToProcess } from './run-load.ts';

/** A process that carries a share of a load and tells its parent how it goes, once a second. */
let engine: LoadEngine | undefined;

function tell(message: FromProcess): void {
  process.send?.(message);
}

async function carry(options: LoadOptions, part: number, parts: number, run: string): Promise<void> {
  engine = new LoadEngine(options, part, parts, run);
  const one = engine;
  const timer = setInterval(() => tell({ type: 'snapshot', part, snapshot: one.snapshot() }), 1000);
  const last = await engine.run();
  clearInterval(timer);
  tell({ type: 'done', part, snapshot: last });
  // Goodbyes are on their way; then nothing keeps the process.
  setTimeout(() => process.exit(0), 300);
}

process.on('message', (message: ToProcess) => {
  if (message.type === 'abort') engine?.abort();
  else {
    carry(message.options, message.part, message.parts, message.run).catch((error: unknown) => {
      tell({ type: 'failed', reason: messageOf(error) });
      process.exit(1);
    });
  }
});
process.on('disconnect', () => process.exit(1));
