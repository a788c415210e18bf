/** How many keys are kept in one piece of text. */
const PIECE = 4096;

interface Piece {
  readonly text: string;
  /** Where in the text each key ends. */
  readonly ends: Uint32Array;
}

/** Keys by number, kept as few long texts: some 4 bytes more than its letters are a key. */
export class KeyColumn {
  readonly #pieces: Piece[] = [];
  /** What does not make a piece yet. */
  #last: string[] = [];

  /** How many there are. */
  get length(): number {
    return this.#pieces.length * PIECE + this.#last.length;
  }

  /** The key of a number from 0; undefined behind the last. */
  at(number: number): string | undefined {
    const piece = this.#pieces[Math.floor(number / PIECE)];
    const place = number % PIECE;
    if (piece !== undefined) return piece.text.slice(piece.ends[place - 1] ?? 0, piece.ends[place]);
    return number < this.length ? this.#last[place] : undefined;
  }

  /** Adds a key at the end. */
  push(key: string): void {
    this.#last.push(key);
    if (this.#last.length < PIECE) return;
    let end = 0;
    const ends = Uint32Array.from(this.#last, (is) => (end += is.length));
    this.#pieces.push({ text: this.#last.join(''), ends });
    this.#last = [];
  }

  /** All keys with their numbers, in order. */
  *entries(count = this.length): Generator<[number: number, key: string]> {
    for (let number = 0; number < count; number++) yield [number, this.at(number) ?? ''];
  }
}
