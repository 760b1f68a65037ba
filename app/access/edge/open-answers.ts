import type { ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { messageOf } from '../../../contract/errors.ts';
import type { Access, Credential } from './access.ts';

/** Answers under way, by the session or token that they were asked with: streams end when that ends. */
export class OpenAnswers {
  readonly #open = new Map<string, { readonly credential: Credential; readonly answers: Set<ServerResponse> }>();
  readonly #access: Access;
  readonly #log: Logger;
  readonly #unlisten: () => void;
  #checking: Promise<void> | undefined;
  #again = false;

  constructor(access: Access, log: Logger) {
    this.#access = access;
    this.#log = log;
    this.#unlisten = access.onEnded(() => void this.check());
  }

  watch(credential: Credential, answer: ServerResponse): void {
    const held = this.#open.get(credential.id) ?? { credential, answers: new Set() };
    this.#open.set(credential.id, held);
    held.answers.add(answer);
    answer.once('close', () => {
      held.answers.delete(answer);
      if (held.answers.size === 0) this.#open.delete(credential.id);
    });
  }

  /** Ends the answers of those who may no longer ask. */
  async check(): Promise<void> {
    if (this.#checking) {
      this.#again = true;
      return this.#checking;
    }
    this.#checking = (async () => {
      do {
        this.#again = false;
        await this.#run();
      } while (this.#again);
    })().finally(() => {
      this.#checking = undefined;
    });
    return this.#checking;
  }

  stop(): void {
    this.#unlisten();
  }

  async #run(): Promise<void> {
    for (const { credential, answers } of [...this.#open.values()]) {
      try {
        if (await this.#access.still(credential)) continue;
      } catch (error) {
        this.#log.warn({ reason: messageOf(error) }, 'whether an open answer may go on could not be checked');
        continue;
      }
      // The answer that said so (a sign-out) is let finish.
      for (const answer of answers) if (answer.headersSent && !answer.writableEnded) answer.destroy();
    }
  }
}
