import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { Config, MountAccess } from '../../src/config/config.js';
import { type Gallery, openGallery } from './gallery.js';
import { HEADER_ROWS } from './header-rows.js';
import { judgeAnswer, judgeSent } from './judge.js';
import { PATH_ROWS } from './path-rows.js';
import { QUERY_ROWS } from './query-rows.js';
import { NO_ROUTE, NOT_ALLOWED, type Row, type Wanted } from './row.js';

const ROWS: readonly Row[] = [...PATH_ROWS, ...HEADER_ROWS, ...QUERY_ROWS];

/** Largest answer that the stage cache keeps, in bytes. */
const LARGEST_KEPT = 1_048_576;

/** Sends a row once and says what is wrong with the answer. */
async function ask(gallery: Gallery, { request, wanted }: Row): Promise<{ size: number; complaints: string[] }> {
  const before = gallery.sentToS3().length;
  const filled = gallery.fill(request);
  try {
    const answer = await gallery.ask(request);
    const sent = gallery.sentToS3().slice(before);
    const complaints = [...judgeAnswer(filled, wanted, answer, gallery), ...judgeSent(sent, gallery)];
    return { size: answer.body.byteLength, complaints };
  } catch (error) {
    return { size: 0, complaints: [String(error)] };
  }
}

/** A row on a cold cache and then on a warm one: what the first answer left behind must serve the second. */
async function askTwice(
  gallery: Gallery,
  row: Row,
  warming: string | undefined,
): Promise<{ cold: string[]; warm: string[] }> {
  await gallery.flush();
  const before = gallery.sentToS3().length;
  const cold = await ask(gallery, row);
  const sent = gallery.sentToS3().slice(before);
  // Somebody who may see it has it kept, so that whoever asks next might be served from the cache.
  if (warming !== undefined) await gallery.ask(warming).catch(() => undefined);
  const filled = gallery.sentToS3().length;
  const warm = await ask(gallery, row);
  // Whoever signs as the owner may have an entry made anew.
  const renews = /^Authorization:/im.test(row.request) && /\r\nCache-Control: [^\r]*max-age=0/i.test(row.request);
  const isKept = sent.some(({ method }) => method === 'GET') && cold.size <= LARGEST_KEPT && !renews;
  const isHit = gallery.sentToS3().length === filled;
  return {
    cold: cold.complaints,
    warm: isKept && !isHit ? [...warm.complaints, 'not from the cache'] : warm.complaints,
  };
}

function nameOf({ family, known, request }: Row): string {
  const [line = '', , header = ''] = request.split('\r\n');
  return `${family} (${known}): ${JSON.stringify(`${line.slice(0, 120)}  ${header.slice(0, 60)}`)}`;
}

/** Makes a request one of somebody who may see the images; undefined where it is not of a form that can be. */
type Dress = (request: string, gallery: Gallery) => Promise<string | undefined>;

/** Who asks, and how callers are let in. */
interface Mode {
  readonly name: string;
  readonly close: (config: Config) => Config;
  /** Absent where everybody is let in. */
  readonly dress?: Dress;
  /** The row as it is asked, and what is right to answer. */
  readonly ask: (row: Row, gallery: Gallery) => Promise<Row>;
}

function withAccess(config: Config, access: MountAccess): Config {
  return { ...config, mounts: config.mounts.map((mount) => ({ ...mount, access })) };
}

/** A function that lets in whoever says a name. */
function openFunction(folder: string): MountAccess {
  const local = path.join(folder, 'authorizer.mjs');
  const Statement = [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: '*' }];
  const answer = { principalId: 'ann', policyDocument: { Version: '2012-10-17', Statement } };
  writeFileSync(local, `export default async () => (${JSON.stringify(answer)});`);
  return {
    kind: 'lambda',
    functionArn: 'arn:aws:lambda:eu-west-1:000000000000:function:viewers',
    type: 'token',
    identityHeaders: ['X-Viewer'],
    ttlSeconds: 300,
    local,
  };
}

/** Puts header lines behind that of the host. */
function withLines(request: string, ...lines: readonly string[]): string {
  return request.replace('\r\nHost: {host}\r\n', (host) => `${host}${lines.map((line) => `${line}\r\n`).join('')}`);
}

/** Signs a request of the form that the gateway takes; undefined for any other. */
async function sign(request: string, { aws, fill }: Gallery): Promise<string | undefined> {
  const [, method = '', target = ''] = /^([A-Z]+) (\/\S*) HTTP\/1\.1\r\nHost: \{host\}\r\n/.exec(request) ?? [];
  const url = `http://${fill('{host}')}${fill(target)}`;
  if (target === '' || !URL.canParse(url)) return undefined;
  const { host: _host, ...headers } = await aws.signInvoke({ method, url, headers: {} });
  return withLines(request, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`));
}

/** Says a name to the function; undefined for a request that names no host. */
async function greet(request: string): Promise<string | undefined> {
  const greeted = withLines(request, 'X-Viewer: ann');
  return greeted === request ? undefined : greeted;
}

const NO_TOKEN: Wanted = { kind: 'error', status: 401, error: 'Unauthorized' };

/** Being kept out, for want of a signature or a token, or without being told what is there. */
const KEPT_OUT = [NOT_ALLOWED, NO_TOKEN];

/** What a signature of ours does not cover, or what makes two of it. */
const UNSIGNABLE = /\r\n(Transfer-Encoding|Content-Length|x-amz-[\w-]+|X-HTTP-Method-Override|Authorization):/i;

/** A row as somebody asks who may see the images; where not every mount is public, nobody is told what else there is. */
function admitted(dress: Dress, unsure = /^$/): Mode['ask'] {
  return async ({ request, wanted, ...row }, gallery) => {
    const dressed = await dress(request, gallery);
    const hidden = wanted.map((is) => (is === NO_ROUTE ? NOT_ALLOWED : is));
    const kept = dressed === undefined || unsure.test(request) ? KEPT_OUT : [];
    return { ...row, request: dressed ?? request, wanted: [...hidden, ...kept] };
  };
}

/** A row as a stranger asks, who gets nothing of any image. */
const stranger: Mode['ask'] = async ({ wanted, ...row }) => ({
  ...row,
  wanted: [...wanted.filter(({ kind }) => kind !== 'image' && kind !== 'headers'), ...KEPT_OUT],
});

const iam = (config: Config) => withAccess(config, { kind: 'iam' });
const lambda = (config: Config) => withAccess(config, openFunction(config.directory));

const MODES: readonly Mode[] = [
  { name: 'public', close: (config) => config, ask: async (row) => row },
  { name: 'signed', close: iam, dress: sign, ask: admitted(sign, UNSIGNABLE) },
  { name: 'unsigned', close: iam, dress: sign, ask: stranger },
  { name: 'with a token', close: lambda, dress: greet, ask: admitted(greet) },
  { name: 'without a token', close: lambda, dress: greet, ask: stranger },
];

it.each(MODES)(
  'the gateway answers every request of the corpus as promised, $name, with the cache off, cold and warm',
  async (mode) => {
    const without = await openGallery(({ cache: _, ...config }) => mode.close(config), mode.dress);
    const cached = await openGallery(mode.close, mode.dress);
    const before = [await without.contents(), await cached.contents()];

    const failures: string[] = [];
    let failed = 0;
    for (const row of ROWS) {
      const off = await ask(without, await mode.ask(row, without));
      const warming = await mode.dress?.(row.request, cached);
      const { cold, warm } = await askTwice(cached, await mode.ask(row, cached), warming);
      for (const [state, complaints] of Object.entries({ off: off.complaints, cold, warm })) {
        if (complaints.length === 0) continue;
        failed += 1;
        failures.push(`${nameOf(row)}, cache ${state}: ${complaints.join('; ')}`);
      }
    }

    process.stdout.write(
      `corpus, ${mode.name}: ${ROWS.length} rows x 3 cache states = ${ROWS.length * 3} answers, ${failed} failed\n`,
    );
    expect(failures).toEqual([]);
    expect([await without.contents(), await cached.contents()]).toEqual(before);
  },
);
