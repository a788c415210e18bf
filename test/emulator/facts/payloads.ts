/** 67 bytes of gzip: no UTF-8, but for the pair D3 B5 among them. */
export const RAW = Buffer.from(
  '1f8b0800146cee6302ff4bcecf2d284a2d2e4e4d5148492c49d45128cec82fcd4951484a55c8cc2b4bccc94c51080d71d3b550282e29cacc4b0700b83910572f000000',
  'hex',
);

/** RAW read as UTF-8, each maximal part that is none replaced by EF BF BD: 99 bytes, as Python's decoder writes them. */
export const CORRUPTED = Buffer.from(
  '1fefbfbd0800146cefbfbd6302efbfbd4befbfbdefbfbd2d284a2d2e4e4d5148492c49efbfbd5128efbfbdefbfbd2fefbfbd4951484a55efbfbdefbfbd2b4befbfbdefbfbd4c51080d71d3b550282e29efbfbdefbfbd4b0700efbfbd3910572f000000',
  'hex',
);

/** RAW in base64. */
export const B64 = Buffer.from(
  'H4sIABRs7mMC/0vOzy0oSi0uTk1RSEksSdRRKM7IL81JUUhKVcjMK0vMyUxRCA1x07VQKC4pysxLBwC4ORBXLwAAAA==',
);

/** Plain text, 32 characters. */
export const TEXT = Buffer.from('this is a UTF8 text typed object');

/** Base64 of what is handed in. */
export function base64Of(bytes: Uint8Array): Buffer {
  return Buffer.from(Buffer.from(bytes).toString('base64'));
}
