import type { Visitor } from '../model/check.js';
import { type Check, type Finding, foregone } from './check.js';
import type { Expectation } from './expectation.js';
import { httpCheck, judge } from './http-check.js';
import { type Inspection, imagePath, type MountSubject } from './inspection.js';

/** Statuses of being kept out. */
const KEPT_OUT = [401, 403];

/** Who gets in and who does not: everybody where a mount is public, else each visitor as is due. */
export function authChecks(inspection: Inspection): readonly Check[] {
  return inspection.mounts.flatMap((mount) =>
    mount.visitors.length === 0
      ? [admitted(inspection, mount, undefined)]
      : mount.visitors.map((visitor) => (visitor.admitted ? admitted : refused)(inspection, mount, visitor)),
  );
}

/**
 * What the cache has kept is for nobody who may not see it: each visitor that must stay out asks for an image that is in it.
 *
 * Undefined where everybody may see the images.
 */
export function warmCacheCheck(inspection: Inspection, mount: MountSubject): Check | undefined {
  const strangers = mount.visitors.filter(({ admitted }) => !admitted);
  const { model, get, path } = mount;
  if (strangers.length === 0 || model === undefined || get === undefined) return undefined;
  const request = { method: 'GET', path: imagePath(path, model.key) };
  return {
    id: `cache/${mount.id}/not-for-strangers`,
    group: 'cache',
    title: `${path}: what the cache has kept stays closed to who may not see it.`,
    async run(): Promise<Finding> {
      for (const _turn of [1, 2]) await inspection.fetch(request);
      const findings: Finding[] = [];
      for (const visitor of strangers) {
        const asked = { ...request, visitor };
        const subject = { request: asked, route: get.path, object: 'existing' as const };
        findings.push(await judge(inspection, subject, keptOut(mount), await inspection.fetch(asked)));
      }
      return findings.find(({ status }) => status !== 'passed') ?? findings[0] ?? { status: 'skipped' };
    },
  };
}

function admitted(inspection: Inspection, mount: MountSubject, visitor: Visitor | undefined): Check {
  const { id, path, model, get } = mount;
  const who = visitor?.id ?? 'anonymous';
  const name = {
    id: `auth/${id}/${who}`,
    group: 'auth',
    title: visitor?.title ?? `${path} is open to everybody.`,
  } as const;
  if (model === undefined || get === undefined)
    return foregone(name.id, name.group, name.title, { status: 'skipped', got: 'no image to ask for' });
  return httpCheck(inspection, {
    ...name,
    request: { method: 'GET', path: imagePath(path, model.key) },
    route: get.path,
    object: 'existing',
    image: { mount, uploaded: model },
    expected: { status: [200] },
  });
}

function refused(inspection: Inspection, mount: MountSubject, visitor: Visitor): Check {
  const { id, path, model, get } = mount;
  const name = { id: `auth/${id}/${visitor.id}`, group: 'auth', title: visitor.title } as const;
  if (model === undefined || get === undefined)
    return foregone(name.id, name.group, name.title, { status: 'skipped', got: 'no image to ask for' });
  return httpCheck(inspection, {
    ...name,
    request: { method: 'GET', path: imagePath(path, model.key), visitor },
    route: get.path,
    object: 'existing',
    expected: keptOut(mount),
  });
}

function keptOut({ get }: MountSubject): Expectation {
  return {
    status: KEPT_OUT,
    headers: { 'content-type': 'application/json' },
    body: { kind: 'error', error: undefined },
    without: get?.secrets ?? [],
  };
}
