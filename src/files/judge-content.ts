import { findActiveParts } from './active-parts.js';
import { findBehindEnd } from './behind-end.js';
import { mediaType } from './media-type.js';

/** What the bytes of an image tell, whatever a configuration makes of it. */
export interface ContentVerdict {
  /** 'image/png'. */
  readonly type: string;
  /** What a browser could run or fetch, in short phrases; only an SVG has any. */
  readonly active: readonly string[];
  /** Data behind the end of the picture, half a sentence. Absent: there is none. */
  readonly behind?: string;
}

/** Judges the whole content of an image: what it is and what else it carries, or why it is none, half a sentence. */
export function judgeContent(name: string, bytes: Buffer): ContentVerdict | { readonly reason: string } {
  const media = mediaType(name, bytes);
  if ('reason' in media) return media;
  const active = media.type === 'image/svg+xml' ? findActiveParts(bytes) : [];
  const behind = findBehindEnd(bytes);
  const { type } = media;
  return behind === undefined ? { type, active } : { type, active, behind };
}
