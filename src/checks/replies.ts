import type { Answer, UploadedImage } from '../model/check.js';
import { fixedHeaders } from '../surface/checks.js';
import type { Reply } from '../surface/surface.js';
import type { Check, Finding } from './check.js';
import type { Expectation, HeaderExpectation } from './expectation.js';
import { headersEverywhere } from './headers-everywhere.js';
import { httpCheck, judge } from './http-check.js';
import { type Inspection, imagePath, type MountSubject, type Request } from './inspection.js';

/** What the answers about one image must agree on: learned from one plain GET. */
interface Portrait {
  readonly etag: string | undefined;
  readonly lastModified: string | undefined;
}

/** Every reply that cannot be said in the drawing, because it depends on the image: headers, parts, conditions. */
export function replyChecks(inspection: Inspection): readonly Check[] {
  return inspection.mounts.flatMap((mount) => {
    if (mount.model === undefined || mount.get === undefined) return [];
    return checksOfImage(inspection, mount, mount.model, mount.get.path);
  });
}

/** Headers that the reply promises for one image: the fixed ones, and those that S3 has for it. */
export function promisedHeaders(reply: Reply | undefined, image: UploadedImage): Record<string, HeaderExpectation> {
  const stored = new Map(Object.entries(image.headers).map(([name, value]) => [name.toLowerCase(), value]));
  const promised: Record<string, HeaderExpectation> = {};
  for (const [name, source] of Object.entries(reply?.headers ?? {})) {
    if (!('backend' in source)) continue;
    const value = backendValue(source.backend.toLowerCase(), image) ?? stored.get(source.backend.toLowerCase());
    if (value !== undefined) promised[name.toLowerCase()] = value;
  }
  return { ...promised, ...fixedHeaders(reply) };
}

function backendValue(name: string, image: UploadedImage): HeaderExpectation | undefined {
  switch (name) {
    case 'content-type':
      return image.contentType;
    case 'content-length':
      return String(image.sizeBytes);
    case 'accept-ranges':
      return 'bytes';
    case 'etag':
    case 'last-modified':
      return true;
    default:
      return undefined;
  }
}

function checksOfImage(inspection: Inspection, mount: MountSubject, image: UploadedImage, route: string): Check[] {
  const path = imagePath(mount.path, image.key);
  const reply = (status: number) => mount.get?.replies.get(status);
  const about = { route, object: 'existing', image: { mount, uploaded: image } } as const;
  const whole: Expectation = {
    status: [200],
    headers: { ...headersEverywhere(inspection.ask), ...promisedHeaders(reply(200), image) },
    body: { kind: 'digest', sha256: image.sha256, sizeBytes: image.sizeBytes },
  };
  const get = { method: 'GET', path };
  const group = 'replies';
  const portrait = once(async () => portraitOf(await inspection.fetch(get)));
  const condition = (name: string, value: (seen: Portrait) => string | undefined): Check => ({
    id: `${group}/GET ${route}/${name}`,
    group,
    title: `GET ${route}: ${name} with what the client has brings 304 and no body.`,
    async run(): Promise<Finding> {
      const sent = value(await portrait());
      if (sent === undefined) return { status: 'skipped', got: 'the image comes without the header to compare with' };
      const request: Request = { ...get, headers: { [name]: sent } };
      const expected: Expectation = {
        status: [304],
        headers: { ...headersEverywhere(inspection.ask), ...fixedHeaders(reply(304)) },
        body: { kind: 'empty' },
      };
      return judge(inspection, { ...about, request }, expected, await inspection.fetch(request));
    },
  });
  return [
    httpCheck(inspection, {
      ...about,
      id: `${group}/GET ${route}/headers`,
      group,
      title: `GET ${route}: the headers are those that S3 has and those that are fixed.`,
      request: get,
      expected: whole,
    }),
    ...headChecks(inspection, mount, image, about),
    ...rangeChecks(inspection, mount, image, about),
    condition('If-None-Match', ({ etag }) => etag),
    condition('If-Modified-Since', ({ lastModified }) => lastModified),
    httpCheck(inspection, {
      ...about,
      id: `${group}/GET ${route}/If-Unmodified-Since`,
      group,
      title: `GET ${route}: If-Unmodified-Since a date before the image brings 412.`,
      request: { ...get, headers: { 'If-Unmodified-Since': 'Mon, 01 Jan 1990 00:00:00 GMT' } },
      expected: { status: [412], headers: fixedHeaders(reply(412)) },
    }),
  ];
}

type About = Pick<Parameters<typeof httpCheck>[1], 'route' | 'object' | 'image'>;

function headChecks(inspection: Inspection, mount: MountSubject, image: UploadedImage, about: About): Check[] {
  const { head } = mount;
  if (head === undefined) return [];
  return [
    httpCheck(inspection, {
      ...about,
      route: head.path,
      id: `replies/HEAD ${head.path}/headers`,
      group: 'replies',
      title: `HEAD ${head.path}: the headers are those of GET, the size among them, without a body.`,
      request: { method: 'HEAD', path: imagePath(mount.path, image.key) },
      expected: { status: [200], headers: promisedHeaders(head.replies.get(200), image), body: { kind: 'empty' } },
    }),
  ];
}

function rangeChecks(inspection: Inspection, mount: MountSubject, image: UploadedImage, about: About): Check[] {
  const last = image.sizeBytes - 1;
  const parts = [
    { name: 'the first bytes', range: 'bytes=0-4', from: 0, to: Math.min(4, last) },
    { name: 'the last bytes', range: 'bytes=-5', from: Math.max(0, last - 4), to: last },
  ];
  return parts.map(({ name, range, from, to }) => ({
    id: `replies/GET ${about.route}/Range ${range}`,
    group: 'replies',
    title: `GET ${about.route}: Range brings exactly ${name}.`,
    async run(): Promise<Finding> {
      const bytes = await inspection.probe.object(mount.id, image.key);
      if (bytes?.length !== image.sizeBytes) return { status: 'skipped', got: 'S3 has other bytes than were uploaded' };
      const expected: Expectation = {
        status: [206],
        headers: {
          ...promisedHeaders(mount.get?.replies.get(206), { ...image, sizeBytes: to - from + 1 }),
          'content-range': `bytes ${from}-${to}/${image.sizeBytes}`,
        },
        body: { kind: 'bytes', bytes: bytes.subarray(from, to + 1) },
      };
      const request = { method: 'GET', path: imagePath(mount.path, image.key), headers: { Range: range } };
      return judge(inspection, { ...about, request }, expected, await inspection.fetch(request));
    },
  }));
}

function portraitOf({ status, headers }: Answer): Portrait {
  return status === 200
    ? { etag: headers['etag'], lastModified: headers['last-modified'] }
    : { etag: undefined, lastModified: undefined };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
