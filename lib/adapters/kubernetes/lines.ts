// A stream of bytes cut into lines, without ever copying what was already read.

/** Feed it chunks; it gives the lines that became complete. What lies between two chunks is joined once. */
export class LineSplitter {
  readonly #maxBytes: number;
  #held: Buffer[] = [];
  #heldBytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Complete lines, without their ends. A line longer than the limit is given in pieces. */
  push(bytes: Uint8Array): string[] {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const lines: string[] = [];
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      lines.push(this.#complete(chunk.subarray(start, end)));
      start = end + 1;
    }
    if (start < chunk.length) {
      this.#held.push(chunk.subarray(start));
      this.#heldBytes += chunk.length - start;
    }
    if (this.#heldBytes > this.#maxBytes) lines.push(this.#complete(Buffer.alloc(0)));
    return lines;
  }

  /** What is left when the stream ends, "" when nothing is. */
  rest(): string {
    return this.#complete(Buffer.alloc(0));
  }

  #complete(tail: Buffer): string {
    const whole = this.#heldBytes === 0 ? tail : Buffer.concat([...this.#held, tail]);
    this.#held = [];
    this.#heldBytes = 0;
    const end = whole.length > 0 && whole[whole.length - 1] === 13 ? whole.length - 1 : whole.length;
    return whole.toString("utf8", 0, end);
  }
}
