/** Bytes that are kept free for a beginning. */
const FRONT = 65_536;

/** A text whose beginning is known last. */
export interface GrowingText {
  /** Adds to its end. */
  add(text: string): void;
  /** All of it as UTF-8, with this before it. */
  behind(beginning: string): Buffer;
}

/** Begins a text in one piece of memory, which is taken anew only where it has more than `bytes`: there is never a second copy. */
export function growText(bytes: number): GrowingText {
  let memory = Buffer.allocUnsafeSlow(FRONT + Math.max(bytes, FRONT));
  let end = FRONT;
  return {
    add(text) {
      // UTF-8 has at most three bytes for each of JavaScript's characters.
      const most = end + text.length * 3;
      if (most > memory.length) {
        const larger = Buffer.allocUnsafeSlow(Math.max(most, memory.length * 2));
        memory.copy(larger, 0, 0, end);
        memory = larger;
      }
      end += memory.write(text, end);
    },
    behind(beginning) {
      const size = Buffer.byteLength(beginning);
      if (size > FRONT) return Buffer.concat([Buffer.from(beginning), memory.subarray(FRONT, end)]);
      memory.write(beginning, FRONT - size);
      return memory.subarray(FRONT - size, end);
    },
  };
}
