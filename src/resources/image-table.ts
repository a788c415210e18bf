import { compareKeys } from '../files/compare-keys.js';
import type { Remembered, RememberedFile } from '../files/digest-memo.js';
import { pathBelow } from '../files/walk.js';
import { KeyColumn } from './key-column.js';
import type { LocalImage } from './local-images.js';

/** Images in the order of their keys' bytes, as much of a map as anybody asks for. */
export interface LocalImages extends Pick<ReadonlyMap<string, LocalImage>, 'size' | 'get' | 'has' | 'keys' | 'values'> {
  /** The image of a number, made anew each time. */
  at(number: number): LocalImage | undefined;
  /** The key of that image. */
  keyAt(number: number): string | undefined;
}

/** A file as it is put into a table. */
export interface TableRow {
  /** Key below the prefix. */
  readonly key: string;
  /** Absolute path. */
  readonly path: string;
  /** Bytes. */
  readonly sizeBytes: number;
  /** What it was found to be. */
  readonly file: RememberedFile;
  /** Stored headers; objects that say the same should be the same object. */
  readonly headers: LocalImage['headers'];
  /** Whether its stamp vouches for its bytes: it did not change just now. */
  readonly isSettled: boolean;
  /** Whether it is remembered, but is no image of this mount. */
  readonly isRefused: boolean;
}

/** Where in a record the parts of a row stand, in bytes. A stamp begins with the size; where none vouches, the size stands alone. */
const [STAMP, SHA256, FORM, FLAGS, RECORD] = [0, 40, 72, 76, 77];
const SIZE_BYTES = 6;
const SETTLED = 1;
const REFUSED = 2;

/** How many records lie in one piece of memory. */
const CHUNK = 4096;

/** What many rows share. */
type Form = Pick<RememberedFile, 'type'> & Pick<TableRow, 'headers'>;

/** What is to be said of a few rows. */
type Remark = Pick<RememberedFile, 'active' | 'behind'>;

/** Where a record is written before anybody knows whether it is needed. */
const SCRATCH = Buffer.alloc(RECORD);

const NO_REMARK: Remark = { active: [] };

/**
 * What a folder held when it was read, in about 100 bytes a file and the letters of its key. As a map it shows the images; it also remembers files that
 * are no images of their mount.
 */
export class ImageTable implements LocalImages {
  readonly #root: string;
  readonly #forms: Form[];
  readonly #formNumbers = new Map<TableRow['headers'], Map<string, number>>();
  readonly #keys = new KeyColumn();
  readonly #chunks: Buffer[] = [];
  /** Paths that are more than root and key, by row. */
  readonly #links = new Map<number, string>();
  readonly #remarks = new Map<number, Remark>();
  #refused = 0;
  #hidden: ReadonlySet<string> = new Set();
  /** The row behind the one that was found last: most who ask go along. */
  #likely = 0;

  /** Begins without rows, for a folder by its `rootOf`. Tables that may have rows in common share `forms`. */
  constructor(root: string, forms: Form[] = []) {
    this.#root = root;
    this.#forms = forms;
  }

  /** How many images there are. */
  get size(): number {
    return this.#keys.length - this.#refused - this.#hidden.size;
  }

  /** Whether there is an image under a key. */
  has(key: string): boolean {
    return this.#find(key) !== undefined;
  }

  /** The image under a key, made anew each time. */
  get(key: string): LocalImage | undefined {
    const number = this.#find(key);
    return number === undefined ? undefined : this.#imageAt(number, key);
  }

  at(number: number): LocalImage | undefined {
    const key = this.keyAt(number);
    return key === undefined ? undefined : this.#imageAt(number, key);
  }

  keyAt(number: number): string | undefined {
    const key = this.#keys.at(number);
    return key !== undefined && this.#isShown(number, key) ? key : undefined;
  }

  /** The keys of all images, in order. */
  *keys(): Generator<string, undefined> {
    for (const [number, key] of this.#keys.entries()) if (this.#isShown(number, key)) yield key;
    return undefined;
  }

  /** All images in the order of their keys, each made as it is asked for. */
  *values(): Generator<LocalImage, undefined> {
    for (const [number, key] of this.#keys.entries()) if (this.#isShown(number, key)) yield this.#imageAt(number, key);
    return undefined;
  }

  /** All files whose stamps vouch for them, in the order of their keys, whether they are shown or not. */
  *remembered(): Generator<Remembered> {
    for (const [number, key] of this.#keys.entries()) {
      if (this.#is(SETTLED, number)) yield [key, this.#fileAt(number)];
    }
  }

  /** Shows all images but these. */
  hide(keys: ReadonlySet<string>): void {
    this.#hidden = keys;
  }

  /** Adds a row; its key lies behind all others. */
  append(row: TableRow): void {
    const number = this.#keys.length;
    if (number % CHUNK === 0) this.#chunks.push(Buffer.alloc(CHUNK * RECORD));
    this.#encode(row).copy(this.#chunkOf(number), startOf(number));
    this.#keys.push(row.key);
    if (row.isRefused) this.#refused += 1;
    if (row.path !== pathBelow(this.#root, row.key)) this.#links.set(number, row.path);
    const { active, behind } = row.file;
    if (behind !== undefined) this.#remarks.set(number, { active, behind });
    else if (active.length > 0) this.#remarks.set(number, { active });
  }

  /** Whether the row of this number says the same as another one. What the same bytes were judged to be is the same. */
  holds(number: number, row: TableRow): boolean {
    const start = startOf(number);
    return (
      this.#keys.at(number) === row.key &&
      this.#chunkOf(number).compare(this.#encode(row), 0, RECORD, start, start + RECORD) === 0 &&
      row.path === (this.#links.get(number) ?? pathBelow(this.#root, row.key))
    );
  }

  /** How many files it knows, whether they are shown or not. */
  get rows(): number {
    return this.#keys.length;
  }

  /** A new table, of the first rows of this one. */
  first(count: number): ImageTable {
    const table = new ImageTable(this.#root, this.#forms);
    for (const [number, key] of this.#keys.entries(count)) table.append(this.#rowAt(number, key));
    return table;
  }

  /** Whether it is of a folder, by its `rootOf`. */
  isOf(root: string): boolean {
    return this.#root === root;
  }

  #find(key: string): number | undefined {
    const number = this.#keys.at(this.#likely) === key ? this.#likely : this.#search(key);
    if (this.#keys.at(number) !== key) return undefined;
    this.#likely = number + 1;
    return this.#isShown(number, key) ? number : undefined;
  }

  /** The first row whose key does not lie before this one. */
  #search(key: string): number {
    let [low, high] = [0, this.#keys.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compareKeys(this.#keys.at(middle) ?? '', key) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #isShown(number: number, key: string): boolean {
    return !this.#is(REFUSED, number) && (this.#hidden.size === 0 || !this.#hidden.has(key));
  }

  #is(flag: number, number: number): boolean {
    return ((this.#chunkOf(number)[startOf(number) + FLAGS] ?? 0) & flag) !== 0;
  }

  #chunkOf(number: number): Buffer {
    return this.#chunks[Math.floor(number / CHUNK)] ?? SCRATCH;
  }

  #formAt(number: number): Form {
    const form = this.#forms[this.#chunkOf(number).readUInt32LE(startOf(number) + FORM)];
    return form ?? { type: '', headers: {} };
  }

  #rowAt(number: number, key: string): TableRow {
    return {
      key,
      path: this.#links.get(number) ?? pathBelow(this.#root, key),
      sizeBytes: this.#chunkOf(number).readUIntLE(startOf(number) + STAMP, SIZE_BYTES),
      file: this.#fileAt(number),
      headers: this.#formAt(number).headers,
      isSettled: this.#is(SETTLED, number),
      isRefused: this.#is(REFUSED, number),
    };
  }

  #imageAt(number: number, key: string): LocalImage {
    const { path, sizeBytes, file, headers, isSettled } = this.#rowAt(number, key);
    const { sha256, type: contentType, stamp } = file;
    // Not by spreading: V8 puts such copies among what lives long, and there they pile up.
    return isSettled
      ? { number, key, path, sha256, sizeBytes, contentType, headers, stamp }
      : { number, key, path, sha256, sizeBytes, contentType, headers };
  }

  #fileAt(number: number): RememberedFile {
    const [chunk, start] = [this.#chunkOf(number), startOf(number)];
    const { active, behind } = this.#remarks.get(number) ?? NO_REMARK;
    const file = {
      stamp: chunk.toString('hex', start + STAMP, start + SHA256),
      sha256: chunk.toString('hex', start + SHA256, start + FORM),
      type: this.#formAt(number).type,
      active,
    };
    return behind === undefined ? file : { ...file, behind };
  }

  /** Overwritten by the next one. */
  #encode(row: TableRow): Buffer {
    const { stamp, sha256, type } = row.file;
    SCRATCH.fill(0);
    if (row.isSettled) SCRATCH.write(stamp, STAMP, 'hex');
    else SCRATCH.writeUIntLE(row.sizeBytes, STAMP, SIZE_BYTES);
    SCRATCH.write(sha256, SHA256, 'hex');
    SCRATCH.writeUInt32LE(this.#formOf(type, row.headers), FORM);
    SCRATCH.writeUInt8((row.isSettled ? SETTLED : 0) | (row.isRefused ? REFUSED : 0), FLAGS);
    return SCRATCH;
  }

  #formOf(type: string, headers: TableRow['headers']): number {
    const byType = this.#formNumbers.get(headers) ?? new Map<string, number>();
    this.#formNumbers.set(headers, byType);
    const number = byType.get(type) ?? this.#findForm({ type, headers });
    byType.set(type, number);
    return number;
  }

  #findForm(form: Form): number {
    const text = JSON.stringify(form);
    const number = this.#forms.findIndex((is) => JSON.stringify(is) === text);
    return number === -1 ? this.#forms.push(form) - 1 : number;
  }
}

/** Where in its piece of memory the record of a row begins. */
function startOf(number: number): number {
  return (number % CHUNK) * RECORD;
}
