import type { Check, Finding } from './check.js';
import type { Expectation } from './expectation.js';
import { headersEverywhere } from './headers-everywhere.js';
import { httpCheck, judge } from './http-check.js';
import {
  describeRequest,
  type Inspection,
  imagePath,
  type MountSubject,
  missingKey,
  missingPath,
} from './inspection.js';

/** Everything that must be refused: unknown paths, verbs that write, queries hidden in the path; and how refusals look. */
export function refusalChecks(inspection: Inspection): readonly Check[] {
  return [
    unknownPath(inspection),
    ...inspection.mounts.flatMap((mount) => [
      ...['PUT', 'POST', 'DELETE'].map((method) => writing(inspection, mount, method)),
      ...preflight(inspection, mount),
      ...hiddenQueries(inspection, mount),
    ]),
  ];
}

/** What API Gateway itself answers, with the headers that every refusal must carry. */
function refusal({ ask, questions }: Inspection): Expectation {
  return {
    status: [questions.unrouted.status],
    headers: {
      'content-type': 'application/json',
      ...headersEverywhere(ask),
    },
    body: { kind: 'error', error: questions.unrouted.error },
  };
}

function unknownPath(inspection: Inspection): Check {
  const path = `/pixgate-no-such-path-${inspection.since.toString(36)}`;
  return httpCheck(inspection, {
    id: 'replies/unknown path',
    group: 'replies',
    title: 'An unknown path is refused as JSON, with the security headers.',
    request: { method: 'GET', path },
    route: undefined,
    object: 'none',
    expected: refusal(inspection),
  });
}

/** Asks for an object that cannot exist, so that a gateway which does take writes loses nothing. */
function writing(inspection: Inspection, mount: MountSubject, method: string): Check {
  const request = { method, path: missingPath(inspection, mount.path) };
  return {
    id: `replies/${method} ${mount.path}`,
    group: 'replies',
    title: `${method} below ${mount.path} is refused and changes nothing.`,
    async run(): Promise<Finding> {
      const answer = await inspection.fetch(request);
      const finding = await judge(
        inspection,
        { request, route: undefined, object: 'none' },
        refusal(inspection),
        answer,
      );
      const left = await inspection.probe.object(mount.id, missingKey(inspection));
      if (left === undefined) return finding;
      return {
        ...finding,
        status: 'failed',
        got: `${finding.got}; the bucket now holds ${missingKey(inspection)}`,
        cause: `The API let a stranger write to the bucket by ${method}.`,
        fix: `pixgate wire, and delete ${missingKey(inspection)}`,
      };
    },
  };
}

function preflight(inspection: Inspection, mount: MountSubject): Check[] {
  const { cors } = inspection.ask;
  const route = inspection.questions.preflights.find(({ path }) => path.startsWith(`${mount.path}/`));
  if (cors === undefined || route === undefined) return [];
  const origin = cors.origin === '*' ? 'https://example.org' : cors.origin;
  const path = mount.model === undefined ? missingPath(inspection, mount.path) : imagePath(mount.path, mount.model.key);
  return [
    httpCheck(inspection, {
      id: `replies/OPTIONS ${route.path}/preflight`,
      group: 'replies',
      title: `OPTIONS ${route.path}: a page of another origin is told that it may read.`,
      request: {
        method: 'OPTIONS',
        path,
        headers: { Accept: '*/*', Origin: origin, 'Access-Control-Request-Method': 'GET' },
      },
      route: route.path,
      object: 'none',
      expected: {
        status: [200, 204],
        headers: { 'access-control-allow-origin': cors.origin, 'access-control-allow-methods': { contains: 'GET' } },
        body: { kind: 'empty' },
      },
    }),
  ];
}

/** Paths whose decoded question mark would make S3 see a query. */
function hiddenQueries(inspection: Inspection, mount: MountSubject): Check[] {
  const below = ['list-type=2', 'versions', 'acl', 'location', 'uploads'].map((query) => `${mount.path}/%3F${query}`);
  const { model } = mount;
  const image = model === undefined ? undefined : imagePath(mount.path, model.key);
  const behind =
    image === undefined
      ? []
      : [
          `${image}%3Fresponse-content-type=text/html`,
          `${image}%3Facl`,
          `${image}?response-content-type=text/html`,
          `${image}?list-type=2`,
        ];
  return [...below, ...behind].map((path) => ({
    id: `replies${path}`,
    group: 'replies',
    title: `${path} yields no listing and no other type.`,
    run: () => noLeak(inspection, mount, path),
  }));
}

async function noLeak(inspection: Inspection, mount: MountSubject, path: string): Promise<Finding> {
  const request = { method: 'GET', path };
  const answer = await inspection.fetch(request);
  const { model } = mount;
  const good = answer.status === 200 || answer.status === 206;
  const plain = path.includes('?');
  // A plain query is not handed on, so it is answered like the path without it.
  const expected: Expectation = {
    status: good || plain ? [200] : [answer.status],
    without: [
      '<ListBucketResult',
      '<ListVersionsResult',
      '<AccessControlPolicy',
      '<LocationConstraint',
      '<ListMultipart',
      '<Error>',
    ],
    ...(good && model !== undefined
      ? {
          headers: { 'content-type': model.contentType },
          body: { kind: 'digest', sha256: model.sha256, sizeBytes: model.sizeBytes },
        }
      : {}),
  };
  const image = model === undefined ? {} : { image: { mount, uploaded: model } };
  const finding = await judge(
    inspection,
    { request, route: mount.get?.path, object: 'existing', ...image },
    expected,
    answer,
  );
  return {
    ...finding,
    asked: describeRequest(inspection.ask.stage, request),
    expected: 'no listing, no other type, no XML of S3',
  };
}
