import type { LocalImages } from './image-table.js';
import type { LocalImage } from './local-images.js';

/** How many there is room for at first. */
const ROOM = 1024;

/** Some of the images of a folder, in order: 4 bytes each. */
export class PickedImages implements Iterable<LocalImage> {
  readonly #from: LocalImages;
  #numbers = new Uint32Array(ROOM);
  #length = 0;

  /** Begins with none of these. */
  constructor(from: LocalImages) {
    this.#from = from;
  }

  /** How many there are. */
  get length(): number {
    return this.#length;
  }

  /** Adds an image by its number, which is above those of all others. */
  add(number: number): void {
    if (this.#length === this.#numbers.length) {
      const numbers = new Uint32Array(this.#length * 2);
      numbers.set(this.#numbers);
      this.#numbers = numbers;
    }
    this.#numbers[this.#length++] = number;
  }

  /** Whether an image is among them, by its number. */
  has(number: number): boolean {
    let [low, high] = [0, this.#length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#numbers[middle] ?? 0) < number) low = middle + 1;
      else high = middle;
    }
    return low < this.#length && this.#numbers[low] === number;
  }

  /** One of them, made anew each time; undefined behind the last. */
  at(place: number): LocalImage | undefined {
    const number = place < this.#length ? this.#numbers[place] : undefined;
    return number === undefined ? undefined : this.#from.at(number);
  }

  /** All of them, each made as it is asked for. */
  *[Symbol.iterator](): Generator<LocalImage, void, undefined> {
    for (let place = 0; place < this.#length; place++) {
      const image = this.at(place);
      if (image !== undefined) yield image;
    }
  }
}
