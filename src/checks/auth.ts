import { type Check, foregone } from './check.js';
import { httpCheck } from './http-check.js';
import { type Inspection, imagePath } from './inspection.js';

/** Who gets in: everybody, where a mount is public. */
export function authChecks(inspection: Inspection): readonly Check[] {
  return inspection.mounts.map((mount) => {
    const { id, path, model, get } = mount;
    const name = { id: `auth/${id}/anonymous`, group: 'auth', title: `${path} is open to everybody.` } as const;
    if (model === undefined || get?.open !== true) {
      const got = model === undefined ? 'no image to ask for' : 'the mount is not public';
      return foregone(name.id, name.group, name.title, { status: 'skipped', got });
    }
    return httpCheck(inspection, {
      ...name,
      request: { method: 'GET', path: imagePath(path, model.key) },
      route: get.path,
      object: 'existing',
      image: { mount, uploaded: model },
      expected: { status: [200] },
    });
  });
}
