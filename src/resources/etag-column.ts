/** ETags by small numbers. */
export interface EtagColumn {
  /** '' where none was set. */
  at(place: number): string;
  set(place: number, etag: string): void;
}

/** Bytes of an ETag that is an MD5, which most are. */
const MD5_BYTES = 16;
/** All zeros mean that none was set. */
const MD5 = /^(?!0{32})[0-9a-f]{32}$/;
/** Places that memory is taken for at once. */
const CHUNK = 4096;

/** Makes a column that takes 16 bytes an ETag, and more only for those that are no MD5. */
export function newEtagColumn(): EtagColumn {
  const chunks: Buffer[] = [];
  const others = new Map<number, string>();
  const startOf = (place: number): number => (place % CHUNK) * MD5_BYTES;
  const isSet = (bytes: Buffer): boolean => bytes.some((byte) => byte !== 0);
  return {
    at(place) {
      const start = startOf(place);
      const bytes = chunks[Math.floor(place / CHUNK)]?.subarray(start, start + MD5_BYTES);
      return others.get(place) ?? (bytes !== undefined && isSet(bytes) ? bytes.toString('hex') : '');
    },
    set(place, etag) {
      others.delete(place);
      if (!MD5.test(etag)) {
        others.set(place, etag);
        return;
      }
      const chunk = chunks[Math.floor(place / CHUNK)] ?? Buffer.alloc(CHUNK * MD5_BYTES);
      chunks[Math.floor(place / CHUNK)] = chunk;
      chunk.write(etag, startOf(place), 'hex');
    },
  };
}
