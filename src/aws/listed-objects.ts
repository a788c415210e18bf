import type { ListedObject } from './s3.js';

/** Bytes of a page that are made into text at once: what is read is soon let go. */
const PIECE_BYTES = 16_384;

const [BEGIN, END] = ['<Contents>', '</Contents>'];

/** The objects of a page of a listing, as the XML that came: each is read when it is asked for, and held by nobody else. */
export class ListedObjects implements Iterable<ListedObject> {
  readonly #xml: Buffer;

  /** Takes `<Contents>` elements, one after the other, and nothing else. */
  constructor(xml: Buffer) {
    this.#xml = xml;
  }

  /** Whether there is none. */
  get isEmpty(): boolean {
    return this.#xml.length === 0;
  }

  /** The last one, undefined when there is none. */
  get last(): ListedObject | undefined {
    return this.isEmpty ? undefined : readObject(this.#xml.toString('utf8', this.#xml.lastIndexOf(BEGIN)));
  }

  /** Those before the first one that is `beyond`. */
  until(beyond: (key: string) => boolean): ListedObjects {
    let bytes = 0;
    for (const text of this.#texts()) {
      if (beyond(readObject(text).key)) break;
      bytes += Buffer.byteLength(text);
    }
    return new ListedObjects(this.#xml.subarray(0, bytes));
  }

  *[Symbol.iterator](): Generator<ListedObject, void, undefined> {
    for (const text of this.#texts()) yield readObject(text);
  }

  /** The elements, each as it stands. */
  *#texts(): Generator<string, void, undefined> {
    const xml = this.#xml;
    for (let from = 0; from < xml.length; ) {
      const end = xml.indexOf(END, Math.min(from + PIECE_BYTES, xml.length - END.length)) + END.length;
      const piece = xml.toString('utf8', from, end);
      for (let at = 0; at < piece.length; ) {
        const next = piece.indexOf(END, at) + END.length;
        yield piece.slice(at, next);
        at = next;
      }
      from = end;
    }
  }
}

/** An answer of ListObjectsV2 in two: its objects, and the rest. */
interface ParsedApart {
  readonly objects: ListedObjects;
  /** XML without the objects. */
  readonly rest: Buffer;
}

/** Takes the objects out of an answer. Undefined where it is not as S3 writes it: all objects together, and whole. */
export function liftObjects(xml: Buffer): ParsedApart | undefined {
  const first = xml.indexOf(BEGIN);
  const last = xml.lastIndexOf(END);
  const [from, to] = first === -1 ? [xml.length, xml.length] : [first, last + END.length];
  if (to < from || !xml.includes('</ListBucketResult>', first === -1 ? 0 : to)) return undefined;
  const objects = xml.subarray(from, to);
  if (objects.includes('<![CDATA[')) return undefined;
  return {
    objects: new ListedObjects(objects),
    rest: Buffer.concat([xml.subarray(0, from), xml.subarray(to)]),
  };
}

function readObject(xml: string): ListedObject {
  const modifiedMs = Date.parse(fieldOf(xml, 'LastModified') ?? '');
  const storageClass = fieldOf(xml, 'StorageClass') ?? 'STANDARD';
  const object = {
    key: decode(fieldOf(xml, 'Key') ?? ''),
    etag: decode(fieldOf(xml, 'ETag') ?? '').replaceAll('"', ''),
    sizeBytes: Number(fieldOf(xml, 'Size') ?? 0),
    modifiedMs: Number.isNaN(modifiedMs) ? 0 : modifiedMs,
  };
  return storageClass === 'STANDARD' ? object : { ...object, storageClass };
}

function fieldOf(xml: string, name: string): string | undefined {
  const start = xml.indexOf(`<${name}>`);
  if (start === -1) return undefined;
  const from = start + name.length + 2;
  return xml.slice(from, xml.indexOf(`</${name}>`, from));
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Text without references to characters. @see https://www.w3.org/TR/xml/#dt-charref */
function decode(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#x([0-9a-f]+)|#([0-9]+)|(\w+));/gi, (whole, hex?: string, decimal?: string, name = '') => {
    const code = Number.parseInt(hex ?? decimal ?? '', hex === undefined ? 10 : 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : (NAMED[name] ?? whole);
  });
}
