import { CancelledError } from '../errors.js';
import type { Answer, Probe, Sample, ServedImage, UploadedImage, Visitor } from '../model/check.js';
import { checksFor, type ImageRoute, type Questionnaire } from '../surface/checks.js';
import type { Surface } from '../surface/surface.js';
import { sha256 } from './expectation.js';

/** What a run of the checks is told. */
export interface ChecksAsk {
  /** The drawing that the served API must answer to. */
  readonly surface: Surface;
  /** The mounts with the path each is served at: '/images'. */
  readonly mounts: readonly { readonly id: string; readonly path: string }[];
  /** Present when the stage has a cache; `ttlSeconds` is how long an answer is kept, in seconds. */
  readonly cache?: { readonly ttlSeconds: number };
  /** Present when browsers of other origins may read: '*' or one origin. */
  readonly cors?: { readonly origin: string };
  /** Whether the stage writes an access log. */
  readonly accessLog: boolean;
  /** At most this many images of each mount, evenly spread. @default all */
  readonly sample?: number;
  /** Name of the stage, for the sentences. */
  readonly stage: string;
  /** How many checks are asked at once: 1 to 64. @default 8 */
  readonly concurrency?: number;
}

/** One HTTP request of a check. */
export interface Request {
  /** Verb. */
  readonly method: string;
  /** Percent-encoded path behind the stage. */
  readonly path: string;
  /** Request headers by name as sent, without credentials. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Who asks; absent: one who may see the images of the mount. */
  readonly visitor?: Visitor;
}

/** One mount as the checks see it. */
export interface MountSubject {
  /** Id of the mount: 'images'. */
  readonly id: string;
  /** Path it is served at: '/images'. */
  readonly path: string;
  /** The GET route below it; undefined when the drawing has none. */
  readonly get: ImageRoute | undefined;
  /** The HEAD route below it; undefined when the drawing has none. */
  readonly head: ImageRoute | undefined;
  /** Who may ask for its images and who may not, those who may first; empty where everybody may. */
  readonly visitors: readonly Visitor[];
  /** Everything the last upload left, sampled; undefined when there is no manifest. */
  readonly images: readonly UploadedImage[] | undefined;
  /** The small image that stands for all where one is enough; undefined when there is none. */
  readonly model: UploadedImage | undefined;
}

/** What API Gateway says of one kind of failure. */
export interface Insight {
  /** Execution log of the deployed API, else that of the console's Test; '' when there is neither. */
  readonly log: string;
  /** Status that the undeployed draft gives, 'absent' when it lacks the route; undefined when nobody could ask. */
  readonly draft?: number | 'absent';
}

/** One run of the checks: what was asked for, the world, and what has been learned so far. */
export interface Inspection {
  /** What the run was told. */
  readonly ask: ChecksAsk;
  /** The window on the world. */
  readonly probe: Probe;
  /** What the drawing promises. */
  readonly questions: Questionnaire;
  /** The mounts with their images, in the order given. */
  readonly mounts: readonly MountSubject[];
  /** Milliseconds since 1970 at which the run began. */
  readonly since: number;
  /** Latencies collected so far. */
  readonly samples: Sample[];
  /** Images as they were served, by the order of the manifests. */
  readonly served: Map<string, ServedImage>;
  /** SHA-256 of each image by the path it is served at, to tell one image from another. */
  readonly pathByDigest: ReadonlyMap<string, string>;
  /** What was learned of each kind of failure, so that it is looked up once. */
  readonly insights: Map<string, Promise<Insight>>;
  /** Why this run cannot ask for the images of a mount, by its id: it has nobody's credentials who may. */
  readonly shutOut: Map<string, string>;
  /**
   * Sends one request; waits and asks again while throttled. A failed connection is an answer with status 0.
   *
   * @throws {ShutOut} when it takes credentials that this run does not have.
   */
  fetch(request: Request): Promise<Answer>;
  /** The bytes in S3, read once and forgotten: only their digest is kept; undefined when the object is gone. */
  storedDigest(mount: string, key: string): Promise<string | undefined>;
  /** @throws {CancelledError} when the person has stopped the run. */
  goOn(): void;
}

/** What a check meets that would ask for an image nobody lets this run see. */
export class ShutOut extends Error {}

/** How often a throttled request is sent before 429 is taken for the answer. */
const TRIES = 6;

/** Reads the manifests and gets ready to ask. Changes nothing. */
export async function openInspection(ask: ChecksAsk, probe: Probe, signal?: AbortSignal): Promise<Inspection> {
  const questions = checksFor(ask.surface);
  const mounts = await Promise.all(ask.mounts.map((mount) => lookAt(mount, questions, probe, ask.sample)));
  const shutOut = new Map<string, string>();
  const digests = new Map<string, Promise<string | undefined>>();
  const goOn = () => {
    if (signal?.aborted) {
      throw new CancelledError('Cannot finish the checks: they were stopped.', { suggestions: ['pixgate test'] });
    }
  };
  return {
    ask,
    probe,
    questions,
    mounts,
    since: probe.now(),
    samples: [],
    served: new Map(),
    insights: new Map(),
    pathByDigest: new Map(
      mounts.flatMap(({ path, images }) => (images ?? []).map((image) => [image.sha256, imagePath(path, image.key)])),
    ),
    shutOut,
    fetch: async (request) => patiently(probe, await dress(request, mounts, shutOut), goOn),
    storedDigest(mount, key) {
      const name = `${mount}/${key}`;
      const known = digests.get(name);
      if (known !== undefined) return known;
      const digest = probe.object(mount, key).then((bytes) => bytes && sha256(bytes));
      digests.set(name, digest);
      return digest;
    },
    goOn,
  };
}

/** The percent-encoded path at which a key of a mount is served. */
export function imagePath(mountPath: string, key: string): string {
  return `${mountPath}/${key.split('/').map(encodeURIComponent).join('/')}`;
}

/** A path of a mount that no upload can have made; new with every run, so that no cache knows it. */
export function missingPath(inspection: Inspection, mountPath: string): string {
  return `${mountPath}/${missingKey(inspection)}`;
}

/** The key behind `missingPath`. */
export function missingKey(inspection: Inspection): string {
  return `pixgate-no-such-image-${inspection.since.toString(36)}.png`;
}

/** A request as a person reads it: 'GET /dev/images/cat.png  Accept: text/html'. */
export function describeRequest(stage: string, { method, path, headers, visitor }: Request): string {
  return [
    `${method} /${stage}${path}`,
    ...Object.entries(headers ?? {}).map(([name, value]) => `${name}: ${value}`),
    ...(visitor === undefined ? [] : [`as ${visitor.id}`]),
  ].join('  ');
}

async function lookAt(
  { id, path }: ChecksAsk['mounts'][number],
  { images }: Questionnaire,
  probe: Probe,
  sample: number | undefined,
): Promise<MountSubject> {
  const uploaded = await probe.uploaded(id);
  const route = (method: string) =>
    images.find((route) => route.method === method && route.path.startsWith(`${path}/`));
  return {
    id,
    path,
    visitors: probe.visitors(id),
    get: route('GET'),
    head: route('HEAD'),
    images: uploaded && spread(uploaded, sample),
    model: uploaded && modelOf(uploaded),
  };
}

/** Evenly spread members of a list, the first always among them. */
function spread<T>(list: readonly T[], atMost: number | undefined): readonly T[] {
  if (atMost === undefined || list.length <= atMost) return list;
  const step = list.length / atMost;
  const chosen = new Set(Array.from({ length: atMost }, (_, nth) => Math.floor(nth * step)));
  return list.filter((_, index) => chosen.has(index));
}

/**
 * The smallest image with an unremarkable name that has ten bytes to ask a range of. Not an SVG if there is another:
 * text survives what ruins a picture.
 */
function modelOf(images: readonly UploadedImage[]): UploadedImage | undefined {
  const bySize = images.toSorted((a, b) => a.sizeBytes - b.sizeBytes);
  const plain = bySize.filter(({ key, sizeBytes }) => /^[\w./-]+$/.test(key) && sizeBytes >= 10);
  return plain.find(({ contentType }) => contentType !== 'image/svg+xml') ?? plain[0] ?? bySize[0];
}

/** Puts credentials on a request for an image of a mount that is not public. A preflight never carries any. */
async function dress(
  request: Request,
  mounts: readonly MountSubject[],
  shutOut: ReadonlyMap<string, string>,
): Promise<Request> {
  const { method, path, headers = {}, visitor } = request;
  if (visitor !== undefined) return { ...request, headers: await visitor.dress({ method, path, headers }) };
  const mount = mounts.find((is) => path.startsWith(`${is.path}/`));
  if (mount === undefined || mount.visitors.length === 0 || (method !== 'GET' && method !== 'HEAD')) return request;
  const viewer = mount.visitors.find(({ admitted }) => admitted);
  const why = viewer === undefined ? 'this run has no credentials for it' : shutOut.get(mount.id);
  if (viewer === undefined || why !== undefined) throw new ShutOut(`${mount.path} is not public, and ${why}`);
  return { ...request, headers: await viewer.dress({ method, path, headers }) };
}

async function patiently(probe: Probe, request: Request, goOn: () => void): Promise<Answer> {
  for (let nth = 1; ; nth++) {
    goOn();
    const answer = await askOnce(probe, request);
    if (answer.status !== 429 || nth === TRIES) return answer;
    await probe.sleep(nth * 500);
  }
}

async function askOnce(probe: Probe, request: Request): Promise<Answer> {
  const begun = probe.now();
  try {
    return await probe.ask(request);
  } catch (error) {
    if (error instanceof CancelledError) throw error;
    // A refused connection or an unknown host is a finding about the gateway, so it is judged like any other answer.
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const text = cause instanceof Error ? cause.message : String(cause);
    return { status: 0, headers: {}, body: Buffer.from(text), ms: probe.now() - begun };
  }
}
