import { createWriteStream } from 'node:fs';
import { TillwatchError } from '../contract/errors.ts';

const BUFFERED = 64 * 1024;

/** Lines to a file, or to standard output where the path is "-". Errors: `files.unwritable`. */
export interface LineSink {
  /** Answers false once the reader has closed the pipe (as `head` does): what follows is not wanted. */
  write(line: string): Promise<boolean>;
  end(): Promise<void>;
}

export function openLineSink(path: string): LineSink {
  const stream = path === '-' ? process.stdout : createWriteStream(path);
  let text = '';
  let wanted = true;
  // Every failure reaches the callback of a write as well; unheard here it would end the process.
  stream.on('error', () => {});
  const flush = (): Promise<boolean> => {
    const part = text;
    text = '';
    if (!wanted || part === '') return Promise.resolve(wanted);
    return new Promise((resolve, reject) => {
      stream.write(part, (error) => {
        if (!error) resolve(true);
        else if ((error as NodeJS.ErrnoException).code === 'EPIPE') {
          wanted = false;
          resolve(false);
        } else {
          reject(
            new TillwatchError('files.unwritable', `${path} cannot be written: ${error.message}`, { status: 400 }),
          );
        }
      });
    });
  };
  return {
    write(line) {
      text += `${line}\n`;
      return text.length < BUFFERED ? Promise.resolve(wanted) : flush();
    },
    async end() {
      await flush();
      if (path !== '-') await new Promise<void>((resolve) => stream.end(resolve));
    },
  };
}
