import { BAD_TARGET, family, get, head, image, NO_IMAGE, NO_ROUTE, NOT_ALLOWED, type Row } from './row.js';

const WAVES = '/dev/images/waves.png';
const IMAGE = image('waves.png');

/** A question mark that is a query once it is decoded. */
const ENCODED: readonly Row[] = family('encoded query', 'guessed', [
  [get('/dev/images/%3Flist-type=2'), NOT_ALLOWED],
  [get('/dev/images/%3flist-type=2'), NOT_ALLOWED],
  [get('/dev/images/%3Fversions'), NOT_ALLOWED],
  [get('/dev/images/%3Fuploads'), NOT_ALLOWED],
  [get('/dev/images/%3Facl'), NOT_ALLOWED],
  [get('/dev/images/%3Fpolicy'), NOT_ALLOWED],
  [get(`${WAVES}%3F`), NOT_ALLOWED],
  [get(`${WAVES}%3Facl`), NOT_ALLOWED],
  [head(`${WAVES}%3Facl`), NOT_ALLOWED],
  [get(`${WAVES}%3FversionId=null`), NOT_ALLOWED],
  [get(`${WAVES}%3Fresponse-content-type=text/html`), NOT_ALLOWED],
  [get(`${WAVES}%3fresponse-content-disposition=attachment`), NOT_ALLOWED],
  [get('/dev/images/..%2f%3Flist-type=2'), NOT_ALLOWED],
  [get('/dev/images/%253Flist-type=2'), NO_IMAGE],
  [get(`${WAVES}%253Fresponse-content-type=text/html`), NO_IMAGE],
  [get(`${WAVES}%26response-content-type=text/html`), NO_IMAGE],
  [get(`${WAVES}%EF%BC%9Facl`), NO_IMAGE],
  [get('/dev/images%3Flist-type=2'), NO_ROUTE, NOT_ALLOWED],
]);

/** A query is nobody's business but the gateway's. */
const QUERY: readonly Row[] = family('query', 'documented', [
  [get(`${WAVES}?versionId=null`), IMAGE],
  [get(`${WAVES}?response-content-type=text/html`), IMAGE],
  [get(`${WAVES}?response-cache-control=no-store&response-expires=0`), IMAGE],
  [get(`${WAVES}?acl`), IMAGE],
  [get(`${WAVES}?tagging`), IMAGE],
  [get(`${WAVES}?uploads`), IMAGE],
  [get(`${WAVES}?list-type=2&prefix=`), IMAGE],
  [get(`${WAVES}?partNumber=1`), IMAGE],
  [get(`${WAVES}?X-Amz-Signature=00&X-Amz-Credential=evil`), IMAGE],
  [get(`${WAVES}?key=secret.png`), IMAGE],
  [get(`${WAVES}?a;b=c;acl`), IMAGE],
  [get(`${WAVES}?`), IMAGE],
  [get(`${WAVES}??acl`), IMAGE],
  [get(`${WAVES}?a=%2e%2e%2fsecret.png`), IMAGE],
  [get(`${WAVES}?${'x'.repeat(8192)}`), IMAGE],
  [get(`${WAVES}?__proto__=1&constructor=2`), IMAGE],
  [get('/dev/images/none.png?acl'), NO_IMAGE],
  [get('/dev/images/?list-type=2'), NO_ROUTE],
  [get('/dev/images?list-type=2'), NO_ROUTE],
  [get('/dev?list-type=2'), NO_ROUTE],
  [get(`${WAVES}?a|b`), BAD_TARGET],
  [get(`${WAVES}?{a}`), BAD_TARGET],
  [get(`${WAVES}?a=%`), BAD_TARGET],
]);

/** Requests that want to slip S3 a query. */
export const QUERY_ROWS: readonly Row[] = [...ENCODED, ...QUERY];
