import { AwsError } from '../errors.js';
import type { Answer, UploadedImage } from '../model/check.js';
import { diagnose } from './diagnose.js';
import type { Evidence } from './evidence.js';
import { type Expectation, sha256 } from './expectation.js';
import type { Insight, Inspection, MountSubject, Request } from './inspection.js';
import type { Diagnosis } from './symptom.js';

/** A request together with what it is about. */
export interface Subject {
  readonly request: Request;
  /** Path template of the route meant to answer; undefined when none is. */
  readonly route: string | undefined;
  /** Which object is asked for; 'none' when the request is not about one. */
  readonly object: 'existing' | 'missing' | 'none';
  /** The image and its mount, when one that exists is asked for. */
  readonly image?: { readonly mount: MountSubject; readonly uploaded: UploadedImage };
}

/**
 * Finds the probable cause of a wrong answer.
 *
 * Looks at the object in S3, at the execution log and at the console's Test, each only where it can tell something. A
 * log or a Test that may not be read explains nothing and hinders nothing.
 */
export async function explain(
  inspection: Inspection,
  subject: Subject,
  expected: Expectation,
  answer: Answer,
): Promise<Diagnosis> {
  const { request, route, object, image } = subject;
  const unroutedError = inspection.questions.unrouted.error;
  const asked = inspection.mounts.find(({ path }) => request.path.startsWith(`${path}/`));
  const evidence: Evidence = {
    request,
    object,
    expected,
    answer,
    ...(await insight(inspection, subject, answer)),
    ...(route === undefined ? {} : { route }),
    ...(asked === undefined || asked.visitors.length === 0 ? {} : { guarded: true }),
    ...(image === undefined ? {} : { image: image.uploaded, ...(await storage(inspection, image, answer)) }),
    ...(unroutedError === undefined ? {} : { unroutedError }),
    ...(inspection.ask.cache === undefined ? {} : { cacheTtlSeconds: inspection.ask.cache.ttlSeconds }),
  };
  return diagnose(evidence);
}

async function storage(
  inspection: Inspection,
  { mount, uploaded }: NonNullable<Subject['image']>,
  answer: Answer,
): Promise<Partial<Evidence>> {
  if (answer.status >= 400) {
    return answer.status === 404 ? { stored: (await inspection.storedDigest(mount.id, uploaded.key)) ?? 'gone' } : {};
  }
  const digest = sha256(answer.body);
  const twin = digest === uploaded.sha256 ? undefined : inspection.pathByDigest.get(digest);
  const stored = (await inspection.storedDigest(mount.id, uploaded.key)) ?? 'gone';
  return { stored, ...(twin === undefined ? {} : { twin }) };
}

/** Asked only about failures from inside API Gateway and missing routes, and once for each kind of them. */
function insight(inspection: Inspection, subject: Subject, answer: Answer): Promise<Insight> {
  const { request, route, object } = subject;
  if (answer.status < 400 || route === undefined) return Promise.resolve({ log: '' });
  const kind = `${request.method} ${route} ${object} ${answer.status}`;
  const known = inspection.insights.get(kind) ?? lookInside(inspection, request, route, answer);
  inspection.insights.set(kind, known);
  return known;
}

async function lookInside(
  { probe, since }: Inspection,
  { method, path, headers }: Request,
  route: string,
  answer: Answer,
): Promise<Insight> {
  const requestId = answer.headers['x-amzn-requestid'];
  const lines = requestId === undefined ? undefined : await readable(probe.executionLog(since, requestId));
  const test = await readable(
    probe
      .testInvoke({ method, route, path, ...(headers === undefined ? {} : { headers }) })
      .then((invocation) => invocation ?? 'absent'),
  );
  const draftLog = typeof test === 'object' ? test.log : '';
  // The log of the deployed API decides; that of the Test is of a draft, which may be another API by now.
  const log = lines === undefined || lines.length === 0 ? draftLog : lines.join('\n');
  return test === undefined ? { log } : { log, draft: test === 'absent' ? test : test.status };
}

/** What AWS lets us read; it refusing to be asked is not a finding about the gateway. */
async function readable<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof AwsError) return undefined;
    throw error;
  }
}
