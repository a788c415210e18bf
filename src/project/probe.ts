import type { MountConfig } from '../config/config.js';
import type { Answer, Probe, UploadedImage } from '../model/check.js';
import { findManifest, type Manifest } from '../resources/manifest.js';
import { accessLogGroup, bucketName, bucketRegion, executionLogGroup, manifestKey } from '../resources/names.js';
import type { Context } from './context.js';
import { readFacts } from './facts.js';
import type { FoundStage } from './find-stage.js';
import type { Credentials } from './project.js';
import { visitorsOf } from './visitors.js';
import { findExcuse } from './why-no-logs.js';

/** How the checks look at a finished environment. */
export function openProbe(context: Context, { url, api, stage }: FoundStage, credentials: Credentials): Probe {
  const { config, environment, target, aws } = context;
  const mountOf = (id: string) => config.mounts.find((mount) => mount.id === id);
  const s3Of = (mount: MountConfig) => aws.s3In(bucketRegion(environment, mount));
  const manifests = new Map<string, Promise<Manifest | undefined>>();
  const manifestOf = (id: string): Promise<Manifest | undefined> => {
    const mount = mountOf(id);
    if (mount === undefined) return Promise.resolve(undefined);
    const known =
      manifests.get(id) ?? findManifest(s3Of(mount), bucketName(environment, mount), manifestKey(environment, mount));
    manifests.set(id, known);
    return known;
  };
  return {
    url,
    now: () => target.clock.now(),
    sleep: (ms) => target.clock.sleep(ms),
    async ask({ method, path, headers = {} }): Promise<Answer> {
      // Latency is the world's, whatever clock the target waits by.
      const start = performance.now();
      const answer = await target.ask({ method, url: `${url}${path}`, headers });
      return { ...answer, ms: performance.now() - start };
    },
    visitors(id) {
      const mount = mountOf(id);
      return mount === undefined ? [] : visitorsOf(context, url, mount, credentials);
    },
    async uploaded(mount): Promise<readonly UploadedImage[] | undefined> {
      const manifest = await manifestOf(mount);
      if (manifest === undefined) return undefined;
      return [...manifest.objects].map(([key, { sizeBytes, sha256, contentType, headers }]) => ({
        key,
        sizeBytes,
        sha256,
        contentType,
        headers,
      }));
    },
    async object(id, key) {
      const mount = mountOf(id);
      if (mount === undefined) return undefined;
      return (await s3Of(mount).findObject(bucketName(environment, mount), mount.bucket.prefix + key))?.bytes;
    },
    async testInvoke({ method, route, path, headers = {} }) {
      const resourceId = api.reading.resourceIds[route];
      if (resourceId === undefined || api.reading.gateway.resources[route]?.methods[method] === undefined)
        return undefined;
      return aws.apiGateway.testInvoke({ apiId: api.id, resourceId, verb: method }, { path, headers });
    },
    facts: () => readFacts(context),
    async accessLog(sinceMs) {
      // A stage that writes none is not worth minutes of waiting for a line.
      if (!config.logs.access || stage.reading.accessLogArn === '') return undefined;
      const events = await aws.logs.listEvents(accessLogGroup(environment), sinceMs);
      return events.flatMap(({ message }) => parseLine(message));
    },
    whyNoLogs: () => findExcuse(context, stage),
    async executionLog(sinceMs, text) {
      if (config.logs.level === 'off') return [];
      const pattern = text === undefined ? undefined : `"${text.replaceAll('"', '')}"`;
      const events = await aws.logs.listEvents(executionLogGroup(api.id, environment.stage), sinceMs, pattern);
      return events.map(({ message }) => message);
    },
  };
}

/** A line as fields; a line of another format, from before a change, is passed over. */
function parseLine(message: string): Readonly<Record<string, string>>[] {
  try {
    const fields: unknown = JSON.parse(message);
    return typeof fields === 'object' && fields !== null ? [fields as Record<string, string>] : [];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}
