import type { Row } from './row.js';

/** What a switch takes. */
const SWITCH = 'must be one of 1, 0, true, false, yes, no';

function of(command: Row[0], variable: string, value: string, says = ''): Row {
  return [command, [], `${variable} ${says}`.trimEnd(), { env: { [variable]: value } }];
}

/** Variables that stand for flags, with values that they do not take. */
export const environment: readonly Row[] = [
  of('wire', 'PIXGATE_TARGET', 'moon', 'must be aws or local: got "moon".'),
  of('wire', 'PIXGATE_TARGET', '', 'must be aws or local: got "".'),
  of('list', 'PIXGATE_TARGET', 'Local', 'must be aws or local: got "Local".'),
  of('wire', 'PIXGATE_ENDPOINT_URL', 'ftp://x', 'must be a URL such as http://127.0.0.1:4510: got "ftp://x".'),
  of('wire', 'AWS_ENDPOINT_URL', 'localhost', 'must be a URL such as http://127.0.0.1:4510: got "localhost".'),
  of('wire', 'PIXGATE_PROFILE', '', 'must be the name of a profile: got "".'),
  of('wire', 'AWS_PROFILE', 'a\tb', 'must be the name of a profile: got "a\\tb".'),
  of('wire', 'PIXGATE_REGION', 'us-esat-1', 'must be an AWS Region (did you mean us-east-1?): got "us-esat-1".'),
  of('wire', 'PIXGATE_REGION', '', 'must be an AWS Region'),
  of('wire', 'PIXGATE_STAGE', 'a b', 'must be 1 to 128'),
  of('wire', 'PIXGATE_NAME', 'UPPER', 'must be 2 to 32'),
  of('wire', 'PIXGATE_ENDPOINT', 'private', 'must be regional or edge: got "private".'),
  of('wire', 'PIXGATE_CACHE_SIZE', '0.7', 'must be none or one of'),
  of('wire', 'PIXGATE_CACHE_TTL', '1e3', 'must be a whole number from 1 to 3600: got "1e3".'),
  of('wire', 'PIXGATE_CACHE_TTL', '60', 'must come with --cache-size, which makes a cache: got 60.'),
  of('wire', 'PIXGATE_LOG_LEVEL', 'loud', 'must be off, error or info: got "loud".'),
  of('wire', 'PIXGATE_LOG_RETENTION', '31', 'must be one of 1, 3, 5'),
  of('wire', 'PIXGATE_ACCESS_LOG', 'maybe', 'must be true or false: got "maybe".'),
  of('wire', 'PIXGATE_NO_LOGS', '', 'must be true or false: got "".'),
  of('wire', 'PIXGATE_TRACING', '2', 'must be true or false: got "2".'),
  of('wire', 'PIXGATE_VERSIONING', 'on', 'must be true or false: got "on".'),
  of('wire', 'PIXGATE_THROTTLE_RATE', '0', 'must be a number from 1 to 100000: got "0".'),
  of('wire', 'PIXGATE_THROTTLE_BURST', '1.5', 'must be a whole number from 1 to 100000: got "1.5".'),
  of('wire', 'PIXGATE_CORS', 'example.com', 'must be "*", one origin'),
  of('wire', 'PIXGATE_EXPIRES', 'soon', 'must be never or a duration'),
  of('wire', 'PIXGATE_TAG', 'team', 'must be name=value: got "team".'),
  of('wire', 'PIXGATE_TAG', 'a=b,', 'must be name=value: got "".'),
  of('upload', 'PIXGATE_CONCURRENCY', '0', 'must be a whole number from 1 to 256: got "0".'),
  of('upload', 'PIXGATE_SOURCE', '', 'must be a folder such as ./images: got "".'),
  of('wire', 'PIXGATE_MOUNT', 'a/b', 'must be one segment such as /images: got "a/b".'),
  of('wire', 'PIXGATE_BUCKET', 'A_b', 'must be made of a-z'),
  of('wire', 'PIXGATE_PREFIX', '/a/', 'must not begin with "/": got "/a/".'),
  of('wire', 'PIXGATE_ACCESS', 'password', 'must be written out: public'),
  of('wire', 'PIXGATE_CONFIG', '', 'must be a file such as pixgate.yaml: got "".'),
  ['wire', [], 'Cannot read nope.yaml: there is no such file', { env: { PIXGATE_CONFIG: 'nope.yaml' } }],
  ...['PIXGATE_YES', 'PIXGATE_QUIET', 'PIXGATE_VERBOSE', 'PIXGATE_NO_COLOR'].flatMap((variable) => [
    of('wire', variable, 'maybe', `${SWITCH}: got "maybe".`),
    of('status', variable, '', `${SWITCH}: got "".`),
  ]),
  ['wire', [], `PIXGATE_JSON ${SWITCH}: got "on".`, { env: { PIXGATE_JSON: 'on' }, plainOnly: true }],
  of('wire', 'PIXGATE_PLAN', 'on', `${SWITCH}: got "on".`),
  of('wire', 'PIXGATE_PLAN', '', `${SWITCH}: got "".`),
  of('teardown', 'PIXGATE_KEEP_BUCKET', 'on', `${SWITCH}: got "on".`),
  of('wire', 'PIXGATE_LOCAL_PORT', 'http', 'must be a port from 1 to 65535: got "http".'),
  of('local', 'PIXGATE_LOCAL_PORT', '65536', 'must be a whole number from 1 to 65535: got "65536".'),
  of('local', 'PIXGATE_PACE', 'slow', 'must be aws or none: got "slow".'),
  of('logs', 'PIXGATE_SINCE', 'soon', 'must be a while such as 10m'),
  of('test', 'PIXGATE_SAMPLE', 'all', 'must be a whole number from 1 to 1000000: got "all".'),
  of('test', 'PIXGATE_REPORT', '', 'must not be empty: got "".'),
  ['test', [], 'Cannot write "nowhere/j.xml": there is no such folder.', { env: { PIXGATE_JUNIT: 'nowhere/j.xml' } }],
  of('teardown', 'PIXGATE_CONFIRM', '1', 'must go with --all, which it confirms: got "1".'),
  of('upload', 'PIXGATE_CHECK', '1', 'must go with --plan'),
];
