/** A read-write lock: whoever adds or pins shares it, the garbage collector has it alone. */
export class ReadWriteLock {
  #readers = 0;
  #writing = false;
  readonly #queue: { exclusive: boolean; enter: () => void }[] = [];

  /** Runs `work` beside other readers. */
  async read<T>(work: () => Promise<T>): Promise<T> {
    await this.#enter(false);
    try {
      return await work();
    } finally {
      this.#readers--;
      this.#admit();
    }
  }

  /** Runs `work` alone. */
  async write<T>(work: () => Promise<T>): Promise<T> {
    await this.#enter(true);
    try {
      return await work();
    } finally {
      this.#writing = false;
      this.#admit();
    }
  }

  #enter(exclusive: boolean): Promise<void> {
    return new Promise((enter) => {
      this.#queue.push({ exclusive, enter });
      this.#admit();
    });
  }

  /** First come, first served: neither a stream of readers nor one of writers starves the other. */
  #admit(): void {
    for (let first = this.#queue[0]; first; first = this.#queue[0]) {
      if (this.#writing || (first.exclusive && this.#readers > 0)) return;
      this.#queue.shift();
      if (first.exclusive) this.#writing = true;
      else this.#readers++;
      first.enter();
    }
  }
}
