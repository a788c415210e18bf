/** Belong to one connection, or are set by API Gateway or S3 for every answer. */
const RESERVED: readonly string[] = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'content-length',
  'content-type',
];

/**
 * AWS: these come out as `x-amzn-remapped-{name}`, so a fixed value would never reach a client.
 * (source: API Gateway Developer Guide, "Amazon API Gateway important notes", remapped headers)
 */
const REMAPPED: readonly string[] = [
  'authorization',
  'content-md5',
  'date',
  'expect',
  'host',
  'max-forwards',
  'server',
  'user-agent',
  'www-authenticate',
];

/** Judges the name of a header that is fixed on every answer: true, or the rule it breaks. */
export function checkHeaderName(name: string): true | string {
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/.test(name)) return 'must be named by a token such as X-Frame-Options';
  const lower = name.toLowerCase();
  if (RESERVED.includes(lower)) return 'must not be fixed: it belongs to the connection or to the image itself';
  if (REMAPPED.includes(lower)) return 'must not be fixed: API Gateway renames it';
  if (/^x-amzn?-/.test(lower)) return 'must not be fixed: x-amz- and x-amzn- belong to AWS';
  return true;
}

/** Judges a header's value: true, or the rule it breaks. */
export function checkHeaderValue(value: string): true | string {
  if (/[\x00-\x1f\x7f-\x9f]/.test(value)) return 'must not hold line breaks or control characters';
  if (!/^[\x20-\xff]*$/.test(value)) return 'must hold Latin-1 characters only';
  if (value !== value.trim() || value === '') return 'must not be empty or begin or end with a space';
  return value.length > 4096 ? 'must have at most 4,096 characters' : true;
}

/** Judges a date as HTTP writes it: true, or the rule it breaks. */
export function checkHttpDate(value: string): true | string {
  const time = Date.parse(value);
  const exact = !Number.isNaN(time) && new Date(time).toUTCString() === value;
  return exact ? true : 'must be a date such as "Wed, 21 Oct 2026 07:28:00 GMT"';
}
