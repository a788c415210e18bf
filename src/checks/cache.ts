import type { Answer, UploadedImage } from '../model/check.js';
import { type AccessLog, isHit, type LogLine } from './access-log.js';
import { warmCacheCheck } from './auth.js';
import { type Check, type Finding, foregone } from './check.js';
import { describeAnswer, type Expectation } from './expectation.js';
import { judge } from './http-check.js';
import { describeRequest, type Inspection, imagePath, type MountSubject, type Request } from './inspection.js';
import { LARGEST_CACHED } from './largest-cached.js';

/** How many images of a mount are timed. */
const TIMED = 3;
/** How often each is asked for after the first time. */
const REPEATS = 3;

const NO_LOG = {
  status: 'inconclusive',
  cause: 'Without the access log nobody can tell a hit from a miss.',
  fix: 'set logs.access to true in pixgate.yaml, then pixgate wire',
} as const;

/** The stage cache: it answers, it mixes nothing up, and strangers cannot empty it. None when there is no cache. */
export function cacheChecks(inspection: Inspection, log: AccessLog): readonly Check[] {
  if (inspection.ask.cache === undefined) return [];
  return inspection.mounts.flatMap((mount) => {
    const small = (mount.images ?? [])
      .filter(({ sizeBytes }) => sizeBytes <= LARGEST_CACHED)
      .toSorted((a, b) => a.sizeBytes - b.sizeBytes);
    const large = (mount.images ?? []).find(({ sizeBytes }) => sizeBytes > LARGEST_CACHED);
    const [first] = small;
    const second = small.find(({ sha256 }) => sha256 !== first?.sha256);
    return [
      check(mount, 'hit', `${mount.path}: a repeated GET is answered by the stage cache.`, first, (image) =>
        missThenHit(inspection, log, mount, [image, ...small.slice(1, TIMED)]),
      ),
      check(mount, 'mixed', `${mount.path}: two images asked for in turn are never mixed up.`, second, (image) =>
        inTurn(
          inspection,
          mount,
          [first ?? image, image, first ?? image, image].map((image) => whole(mount, image)),
        ),
      ),
      check(mount, 'range', `${mount.path}: a part of an image is not kept as the whole.`, first, (image) =>
        inTurn(inspection, mount, [part(mount, image), whole(mount, image)]),
      ),
      check(mount, 'not-modified', `${mount.path}: a 304 is not replayed to who asks plainly.`, first, (image) =>
        notModified(inspection, mount, image),
      ),
      ...(mount.visitors.length > 0
        ? []
        : [
            check(
              mount,
              'stranger',
              `${mount.path}: a stranger's Cache-Control does not empty the cache.`,
              first,
              (image) => stranger(inspection, log, mount, image),
            ),
          ]),
      check(mount, 'large', `${mount.path}: an image above 1 MiB passes whole, uncached.`, large, (image) =>
        tooLarge(inspection, log, mount, image),
      ),
      ...[warmCacheCheck(inspection, mount)].filter((is) => is !== undefined),
    ];
  });
}

/** One request of a story, and what must come back. */
interface Turn {
  readonly request: Request;
  readonly image: UploadedImage;
  readonly expected: Expectation;
}

function check(
  { id }: MountSubject,
  name: string,
  title: string,
  image: UploadedImage | undefined,
  run: (image: UploadedImage) => Promise<Finding>,
): Check {
  const named = `cache/${id}/${name}`;
  return image === undefined
    ? foregone(named, 'cache', title, { status: 'skipped', got: 'no suitable image' })
    : { id: named, group: 'cache', title, run: () => run(image) };
}

function whole({ path }: MountSubject, image: UploadedImage, headers: Readonly<Record<string, string>> = {}): Turn {
  return {
    request: { method: 'GET', path: imagePath(path, image.key), headers },
    image,
    expected: {
      status: [200],
      headers: { 'content-type': image.contentType },
      body: { kind: 'digest', sha256: image.sha256, sizeBytes: image.sizeBytes },
    },
  };
}

function part(mount: MountSubject, image: UploadedImage): Turn {
  return { ...whole(mount, image, { Range: 'bytes=0-0' }), expected: { status: [206] } };
}

/** Asks one after the other; the first wrong answer is the finding. */
async function inTurn(inspection: Inspection, mount: MountSubject, turns: readonly Turn[]): Promise<Finding> {
  const asked: string[] = [];
  for (const turn of turns) {
    asked.push(describeRequest(inspection.ask.stage, turn.request));
    const finding = await judgeTurn(inspection, mount, turn, await inspection.fetch(turn.request));
    if (finding.status === 'failed') return { ...finding, asked: asked.join(', then ') };
  }
  return { status: 'passed', asked: asked.join(', then '), got: 'each answer whole and its own' };
}

function judgeTurn(inspection: Inspection, mount: MountSubject, turn: Turn, answer: Answer): Promise<Finding> {
  const { request, image, expected } = turn;
  const about = { request, route: mount.get?.path, object: 'existing', image: { mount, uploaded: image } } as const;
  return judge(inspection, about, expected, answer);
}

async function notModified(inspection: Inspection, mount: MountSubject, image: UploadedImage): Promise<Finding> {
  const plain = whole(mount, image);
  const { headers } = await inspection.fetch(plain.request);
  const etag = headers['etag'];
  if (etag === undefined) return { status: 'skipped', got: 'the image comes without an ETag' };
  const conditional = { ...whole(mount, image, { 'If-None-Match': etag }), expected: { status: [304] } };
  return inTurn(inspection, mount, [conditional, plain]);
}

/**
 * Headers that make a cache entry nobody has asked for yet, without changing the answer: an ETag that no object has.
 * None when the drawing does not keep answers apart by If-None-Match; then the entry of the path itself is used.
 */
function freshEntry(inspection: Inspection, mount: MountSubject, purpose: string): Readonly<Record<string, string>> {
  if (!mount.get?.cachedBy.includes('If-None-Match')) return {};
  return { 'If-None-Match': `"pixgate-${purpose}-${inspection.since.toString(36)}"` };
}

async function missThenHit(
  inspection: Inspection,
  log: AccessLog,
  mount: MountSubject,
  images: readonly UploadedImage[],
): Promise<Finding> {
  const headers = freshEntry(inspection, mount, 'hit');
  const turns = images.map((image) => whole(mount, image, headers));
  const rounds: { readonly turn: Turn; readonly nth: number; readonly answer: Answer }[] = [];
  for (let nth = 0; nth <= REPEATS; nth++) {
    for (const turn of turns) rounds.push({ turn, nth, answer: await inspection.fetch(turn.request) });
  }
  const lines = await log.find(rounds.map(({ answer }) => answer));
  rounds.forEach(({ turn, nth, answer }, index) => {
    const line = lines?.[index];
    const cached = line === undefined ? nth > 0 : isHit(line);
    if (answer.status === 200) inspection.samples.push({ path: turn.request.path, cached, ms: answer.ms });
  });
  const asked = `${turns.map(({ request }) => describeRequest(inspection.ask.stage, request)).join(', ')}; each ${REPEATS + 1} times`;
  const expected = 'a miss first, then a hit';
  const wrong = rounds.find(({ answer }) => answer.status !== 200);
  if (wrong !== undefined) return judgeTurn(inspection, mount, wrong.turn, wrong.answer);
  if (lines === undefined) return { ...NO_LOG, asked, expected, got: timings(rounds) };
  const hits = (first: boolean) =>
    rounds.filter(({ nth }, index) => (nth === 0) === first && lines[index] !== undefined && isHit(lines[index]))
      .length;
  const got = `${hits(true)} hits at first, ${hits(false)} of ${images.length * REPEATS} after that; ${timings(rounds)}`;
  const said = { asked, expected, got };
  if (lines.includes(undefined)) return { ...said, status: 'inconclusive', cause: LATE.cause, fix: LATE.fix };
  if (hits(false) === 0) {
    const cause = 'The stage cache never answers: caching is off for the method, or the cluster is not available yet.';
    return { ...said, status: 'failed', cause, fix: 'pixgate wire' };
  }
  if (hits(true) > 0 && Object.keys(headers).length > 0) {
    const cause = 'A new If-None-Match is answered from the cache: the conditional headers are not in the cache key.';
    return { ...said, status: 'failed', cause, fix: 'pixgate wire' };
  }
  return { ...said, status: 'passed' };
}

const LATE = {
  status: 'inconclusive',
  cause: 'The access log did not show the requests within five minutes.',
  fix: 'pixgate test, later',
} as const;

function timings(rounds: readonly { readonly nth: number; readonly answer: Answer }[]): string {
  const middle = (first: boolean) => {
    const times = rounds
      .filter(({ nth }) => (nth === 0) === first)
      .map(({ answer }) => answer.ms)
      .sort((a, b) => a - b);
    return `${Math.round(times[Math.floor(times.length / 2)] ?? 0)} ms`;
  };
  return `median ${middle(true)} at first, ${middle(false)} after that`;
}

async function stranger(
  inspection: Inspection,
  log: AccessLog,
  mount: MountSubject,
  image: UploadedImage,
): Promise<Finding> {
  const headers = freshEntry(inspection, mount, 'stranger');
  const plain = whole(mount, image, headers);
  const rude = whole(mount, image, { ...headers, 'Cache-Control': 'max-age=0' });
  const answers: Answer[] = [];
  for (const { request } of [plain, plain, rude, plain]) answers.push(await inspection.fetch(request));
  const lines = await log.find(answers);
  const asked = `${describeRequest(inspection.ask.stage, rude.request)}, before and after it without Cache-Control`;
  const expected = 'the stage cache goes on answering';
  if (lines === undefined) return { ...NO_LOG, asked, expected, got: answers.map(describeAnswer).join(', then ') };
  if (lines.includes(undefined)) return { ...LATE, asked, expected, got: 'lines are missing' };
  const seen = (line: LogLine | undefined) => (line !== undefined && isHit(line) ? 'hit' : 'miss');
  const [, before, during, after] = lines.map(seen);
  const refused = answers[2]?.status === 403;
  const got = `${before} before, ${refused ? 'refused with 403' : during} with it, ${after} after`;
  const said = { asked, expected, got };
  if (before === 'miss')
    return { ...said, status: 'inconclusive', cause: 'The stage cache does not answer in the first place.' };
  if ((refused || during === 'hit') && after === 'hit') return { ...said, status: 'passed' };
  const cause = 'Anybody may refresh cached answers: the stage does not require authorisation for Cache-Control.';
  return { ...said, status: 'failed', cause, fix: 'pixgate wire' };
}

async function tooLarge(
  inspection: Inspection,
  log: AccessLog,
  mount: MountSubject,
  image: UploadedImage,
): Promise<Finding> {
  const turn = whole(mount, image);
  const answers = [await inspection.fetch(turn.request), await inspection.fetch(turn.request)];
  for (const answer of answers) {
    const finding = await judgeTurn(inspection, mount, turn, answer);
    if (finding.status === 'failed') return finding;
  }
  const lines = await log.find(answers);
  const from = lines?.map((line) => (line === undefined ? 'unknown' : isHit(line) ? 'the cache' : 'S3')).join(' and ');
  const asked = `${describeRequest(inspection.ask.stage, turn.request)}, twice`;
  return { status: 'passed', asked, got: `whole both times, from ${from ?? 'wherever: there is no access log'}` };
}
