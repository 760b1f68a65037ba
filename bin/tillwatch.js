#!/usr/bin/env node
// Plain JavaScript that any Node understands: finds a Node >= 24 and the program, as sources (checkout) or emitted (packed).
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const sources = new URL('../app/main.ts', import.meta.url);
const entry = existsSync(sources) ? sources : new URL('../dist/app/main.js', import.meta.url);

if (Number(process.versions.node.split('.')[0]) >= 24) {
  await import(entry.href);
} else {
  let runtime = '';
  try {
    // The npm package `node` holds the runtime's binary; it is a peer dependency, so npm installs it beside us.
    runtime = join(dirname(createRequire(import.meta.url).resolve('node/package.json')), 'bin', 'node');
  } catch {
    // Not installed: said below.
  }
  if (!existsSync(runtime)) {
    console.error(
      `tillwatch needs Node 24 or newer and this is ${process.version}: install it, or run "npm install node@24" beside tillwatch.`,
    );
    process.exit(1);
  }
  const child = spawn(runtime, [fileURLToPath(entry), ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
}
