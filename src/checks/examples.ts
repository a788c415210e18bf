import type { Question } from '../surface/checks.js';
import type { Body } from '../surface/surface.js';
import { type Check, foregone } from './check.js';
import type { BodyExpectation, Expectation } from './expectation.js';
import { headersEverywhere } from './headers-everywhere.js';
import { httpCheck } from './http-check.js';
import { type Inspection, imagePath, type MountSubject, missingPath } from './inspection.js';

/** One check for each example in the drawing. */
export function exampleChecks(inspection: Inspection): readonly Check[] {
  return inspection.questions.questions.map((question) => exampleCheck(inspection, question));
}

function exampleCheck(inspection: Inspection, question: Question): Check {
  const id = `replies/${question.id}`;
  const title = `${question.method} ${question.path}: ${question.title}.`;
  const mount = inspection.mounts.find(({ path }) => question.path.startsWith(`${path}/`));
  if (mount === undefined) {
    return foregone(id, 'replies', title, { status: 'skipped', got: 'no mount is served there' });
  }
  const { model } = mount;
  if (question.object === 'existing' && model === undefined) {
    return foregone(id, 'replies', title, { status: 'skipped', got: 'no image to ask for', fix: 'pixgate upload' });
  }
  const existing = question.object === 'existing' ? model : undefined;
  return httpCheck(inspection, {
    id,
    group: 'replies',
    title,
    request: {
      method: question.method,
      path: existing === undefined ? missingPath(inspection, mount.path) : imagePath(mount.path, existing.key),
      headers: question.headers,
    },
    route: question.path,
    object: question.object,
    ...(existing === undefined ? {} : { image: { mount, uploaded: existing } }),
    expected: expectationOf(inspection, question, mount),
  });
}

function expectationOf({ ask }: Inspection, question: Question, mount: MountSubject): Expectation {
  const { status, expectHeaders, method, object } = question;
  const headers = method === 'OPTIONS' ? expectHeaders : { ...headersEverywhere(ask), ...expectHeaders };
  const body = bodyOf(question.body, method, object === 'existing' && status === 200 ? mount.model : undefined);
  const secrets = question.body?.kind === 'error' ? (mount.get?.secrets ?? []) : [];
  return {
    status: [status],
    headers,
    ...(body === undefined ? {} : { body }),
    ...(secrets.length === 0 ? {} : { without: [...secrets, '<Error>', 'HostId'] }),
  };
}

function bodyOf(body: Body | undefined, method: string, whole: MountSubject['model']): BodyExpectation | undefined {
  if (method === 'HEAD') return { kind: 'empty' };
  switch (body?.kind) {
    case 'error':
      return { kind: 'error', error: body.error };
    case 'empty':
      return { kind: 'empty' };
    case 'bytes':
      return whole && { kind: 'digest', sha256: whole.sha256, sizeBytes: whole.sizeBytes };
    default:
      return undefined;
  }
}
