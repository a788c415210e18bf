import type { StoredHeaders } from './s3.js';

/** User metadata that holds the digest. */
export const DIGEST = 'pixgate-sha256';
/** What the headers of user metadata begin with. */
export const META = 'x-amz-meta-';

/** Headers that are to be stored, as the SDK takes them. */
export function toStored({
  contentType,
  headers,
  sha256,
}: StoredHeaders): { ContentType: string } & Record<string, unknown> {
  const { 'Cache-Control': cache, 'Content-Disposition': disposition, 'Content-Language': language, Expires } = headers;
  const named = Object.entries(headers).filter(([name]) => name.startsWith(META));
  const metadata = {
    ...Object.fromEntries(named.map(([name, value]) => [name.slice(META.length), value])),
    ...(sha256 === undefined ? {} : { [DIGEST]: sha256 }),
  };
  return {
    ContentType: contentType,
    ...(Object.keys(metadata).length === 0 ? {} : { Metadata: metadata }),
    ...(cache === undefined ? {} : { CacheControl: cache }),
    ...(disposition === undefined ? {} : { ContentDisposition: disposition }),
    ...(language === undefined ? {} : { ContentLanguage: language }),
    ...(Expires === undefined ? {} : { Expires: new Date(Expires) }),
  };
}
