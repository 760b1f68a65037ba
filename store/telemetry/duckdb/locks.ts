/** One at a time, in the order they asked. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(work, work);
    this.#last = mine.catch(() => {});
    return mine;
  }
}

/** Many may share; one that wants it alone waits for those that have it and holds off those that come later. */
export class SharedLock {
  #sharing = 0;
  #alone: Promise<void> | undefined;
  #empty: (() => void) | undefined;
  readonly #turns = new Turns();

  async shared<T>(work: () => Promise<T>): Promise<T> {
    while (this.#alone) await this.#alone;
    this.#sharing++;
    try {
      return await work();
    } finally {
      if (--this.#sharing === 0) this.#empty?.();
    }
  }

  alone<T>(work: () => Promise<T>): Promise<T> {
    return this.#turns.run(async () => {
      let open = (): void => {};
      this.#alone = new Promise((resolve) => {
        open = resolve;
      });
      try {
        if (this.#sharing > 0) {
          await new Promise<void>((resolve) => {
            this.#empty = resolve;
          });
          this.#empty = undefined;
        }
        return await work();
      } finally {
        this.#alone = undefined;
        open();
      }
    });
  }
}
