import type { Answer, UploadedImage } from '../model/check.js';
import type { Check, Finding } from './check.js';
import { foregone } from './check.js';
import { sha256 } from './expectation.js';
import { judge } from './http-check.js';
import { type Inspection, imagePath, type MountSubject } from './inspection.js';

/** One way to say what one would like to have. */
interface Taste {
  readonly id: string;
  /** End of the sentence "… arrives byte for byte". */
  readonly phrase: string;
  readonly accept: string | undefined;
}

const BROWSER: Taste = {
  id: 'browser',
  phrase: "with a browser's Accept",
  accept: 'image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8',
};
const CURL: Taste = { id: 'curl', phrase: "with curl's Accept", accept: '*/*' };

/** AWS: the first type of Accept decides on conversion (API Gateway Developer Guide, "Content type conversions"). */
const EVERY_TASTE: readonly Taste[] = [
  { id: 'no-accept', phrase: 'without Accept', accept: undefined },
  CURL,
  { id: 'png', phrase: 'with Accept: image/png', accept: 'image/png' },
  BROWSER,
  {
    id: 'page',
    phrase: 'with the Accept of an address bar',
    accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
  },
];

/** How many images of different types are asked for in every way. */
const IN_EVERY_WAY = 5;
/** Images above this size are not shown in reports, in bytes. */
const LARGEST_SHOWN = 300_000;
/** All images shown in a report together are no larger than this, in bytes. */
const SHOWN_IN_ALL = 6_000_000;

/** Ways to the same bytes: S3 itself, and HTTP with each Accept that changes what API Gateway does. */
export function byteChecks(inspection: Inspection): readonly Check[] {
  const thorough = differentTypes(inspection.mounts.flatMap(({ images }) => images ?? []));
  const room = { left: SHOWN_IN_ALL };
  return inspection.mounts.flatMap((mount) => {
    const { images, path } = mount;
    if (images === undefined || images.length === 0) return [unknownImages(mount)];
    return images.flatMap((image) => {
      const tastes = thorough.has(image) ? EVERY_TASTE : [BROWSER, CURL];
      const shown = image.sizeBytes <= Math.min(LARGEST_SHOWN, room.left);
      if (shown) room.left -= image.sizeBytes;
      const served = imagePath(path, image.key);
      return [
        storedCheck(inspection, mount, image, served),
        ...tastes.map((taste) => servedCheck(inspection, mount, image, taste, shown)),
      ];
    });
  });
}

function unknownImages({ id, path, images }: MountSubject): Check {
  const status = 'failed';
  const got = images === undefined ? 'no manifest of an upload' : 'an upload of no images';
  return foregone(`bytes/${id}`, 'bytes', `The images of ${path} are known.`, { status, got, fix: 'pixgate upload' });
}

/** The first images of as many types as there are, then any, up to a handful. */
function differentTypes(images: readonly UploadedImage[]): ReadonlySet<UploadedImage> {
  const firstOfType = new Map<string, UploadedImage>();
  for (const image of images) if (!firstOfType.has(image.contentType)) firstOfType.set(image.contentType, image);
  return new Set([...new Set([...firstOfType.values(), ...images])].slice(0, IN_EVERY_WAY));
}

function storedCheck(inspection: Inspection, mount: MountSubject, image: UploadedImage, served: string): Check {
  return {
    id: `bytes${served}/s3`,
    group: 'bytes',
    title: `S3 has the uploaded bytes of ${served}.`,
    async run(): Promise<Finding> {
      const digest = await inspection.storedDigest(mount.id, image.key);
      const said = {
        asked: `the object of ${served}, from S3 directly`,
        expected: `SHA-256 ${image.sha256}`,
        got: digest === undefined ? 'no such object' : `SHA-256 ${digest}`,
      };
      if (digest === image.sha256) return { ...said, status: 'passed' };
      const cause = digest === undefined ? 'The object is no longer in the bucket.' : 'Somebody replaced the object.';
      return { ...said, status: 'failed', cause, fix: 'pixgate upload' };
    },
  };
}

function servedCheck(
  inspection: Inspection,
  mount: MountSubject,
  image: UploadedImage,
  taste: Taste,
  shown: boolean,
): Check {
  const path = imagePath(mount.path, image.key);
  const headers = taste.accept === undefined ? {} : { Accept: taste.accept };
  const request = { method: 'GET', path, headers };
  const subject = { request, route: mount.get?.path, object: 'existing', image: { mount, uploaded: image } } as const;
  return {
    id: `bytes${path}/${taste.id}`,
    group: 'bytes',
    title: `${path} arrives byte for byte ${taste.phrase}.`,
    async run(): Promise<Finding> {
      const answer = await inspection.fetch(request);
      const finding = await judge(inspection, subject, whole(image), answer);
      if (taste === BROWSER) keep(inspection, path, answer, finding, shown);
      return finding;
    },
  };
}

function whole({ sha256, sizeBytes, contentType }: UploadedImage) {
  return {
    status: [200],
    headers: { 'Content-Type': contentType },
    body: { kind: 'digest', sha256, sizeBytes },
  } as const;
}

/** Remembers what a browser got: the picture for the report, the time for the chart. */
function keep(inspection: Inspection, path: string, answer: Answer, finding: Finding, shown: boolean): void {
  // With a cache nobody knows yet whether this answer came from it, so the cache checks take the samples.
  if (inspection.ask.cache === undefined && finding.status === 'passed') {
    inspection.samples.push({ path, cached: false, ms: answer.ms });
  }
  if (answer.status !== 200) return;
  inspection.served.set(path, {
    path,
    contentType: answer.headers['content-type'] ?? '',
    sizeBytes: answer.body.length,
    sha256: sha256(answer.body),
    ...(shown && answer.body.length <= LARGEST_SHOWN ? { base64: Buffer.from(answer.body).toString('base64') } : {}),
  });
}
