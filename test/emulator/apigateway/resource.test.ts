import { CreateResourceCommand, GetResourcesCommand } from '@aws-sdk/client-api-gateway';
import { describe, expect, it } from 'vitest';
import {
  badRequest,
  type ControlPlane,
  conflict,
  createControlPlane,
  makeApi,
  makeWired,
  notFound,
  patch,
} from './control-plane.js';

/** An API with the tree /pets/{id}, /pets/{id}/photos and /dogs. */
function makeTree(plane: ControlPlane) {
  const { id, rootResourceId } = plane.make('POST', '/restapis', { name: 'tree' });
  const all = `/restapis/${id}/resources`;
  const add = (parentId: unknown, pathPart: string) =>
    String(plane.make('POST', `${all}/${parentId}`, { pathPart })['id']);
  const pets = add(rootResourceId, 'pets');
  const pet = add(pets, '{id}');
  const photos = add(pet, 'photos');
  const dogs = add(rootResourceId, 'dogs');
  const at = (resource: string) => `${all}/${resource}`;
  return { all, at, add, root: String(rootResourceId), pets, pet, photos, dogs };
}

describe('CreateResource', () => {
  it('answers the resource with its whole path', async () => {
    const plane = createControlPlane();
    const { id: restApiId, rootResourceId: parentId } = plane.make('POST', '/restapis', { name: 'a' });
    const ids = { restApiId: String(restApiId), parentId: String(parentId) };

    const made = await plane.client.send(new CreateResourceCommand({ ...ids, pathPart: 'images' }));

    const { $metadata, ...resource } = made;
    expect(resource).toEqual({ id: expect.stringMatching(/^\w{6}$/), parentId, pathPart: 'images', path: '/images' });
    expect($metadata.httpStatusCode).toBe(201);
  });

  it.each(['images', 'a-b_c.d', 'v1:read', 'a,b', '{key}', '{key+}'])('takes the path part %s', (pathPart) => {
    const plane = createControlPlane();
    const { at, dogs } = makeTree(plane);

    expect(plane.make('POST', at(dogs), { pathPart })['path']).toBe(`/dogs/${pathPart}`);
  });

  it.each(['', 'a b', 'a/b', 'a{b}', '{a', '{}', '{+}', '{a+}b', 'ü', '*'])('refuses the path part %j', (pathPart) => {
    const plane = createControlPlane();
    const { at, dogs } = makeTree(plane);

    expect(plane.ask('POST', at(dogs), { pathPart })).toEqual(
      badRequest(
        "Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces at the beginning and the end",
      ),
    );
  });

  it('refuses a sibling of the same name', () => {
    const plane = createControlPlane();
    const { at, root } = makeTree(plane);

    expect(plane.ask('POST', at(root), { pathPart: 'pets' })).toEqual(
      conflict('Another resource with the same parent already has this name: pets'),
    );
  });

  it('refuses a second variable beside the first, and a child of a greedy one', () => {
    const plane = createControlPlane();
    const { at, add, dogs } = makeTree(plane);
    const proxy = add(dogs, '{proxy+}');

    expect(plane.ask('POST', at(dogs), { pathPart: '{name}' })).toEqual(
      badRequest('A sibling ({proxy+}) of this resource already has a variable path part -- only one is allowed'),
    );
    expect(plane.ask('POST', at(proxy), { pathPart: 'x' })).toEqual(
      badRequest('Cannot create a child of a resource with a greedy path variable: {proxy+}'),
    );
    expect(plane.make('POST', at(dogs), { pathPart: 'rex' })['path']).toBe('/dogs/rex');
  });

  it('does not find a parent of another API, nor any parent of an API that is not there', () => {
    const plane = createControlPlane();
    const { root } = makeTree(plane);
    const other = makeApi(plane);

    const wanted = notFound('Invalid Resource identifier specified');
    expect(plane.ask('POST', `/restapis/${other}/resources/${root}`, { pathPart: 'a' })).toEqual(wanted);
    expect(plane.ask('POST', `/restapis/nothere/resources/${root}`, { pathPart: 'a' })).toEqual(wanted);
    expect(plane.ask('GET', `/restapis/nothere/resources/${root}`)).toEqual(wanted);
  });
});

describe('GetResource', () => {
  it('says no more of the root than its id and path', () => {
    const plane = createControlPlane();
    const { at, root } = makeTree(plane);

    expect(plane.make('GET', at(root))).toEqual({ id: root, path: '/' });
  });

  it('names the verbs, and nests the whole methods when asked to', () => {
    const plane = createControlPlane();
    const wired = makeWired(plane);
    const resource = `${wired.api}/resources/${wired.resourceId}`;

    const method = plane.make('GET', wired.method);

    expect(method).toMatchObject({ methodIntegration: { type: 'AWS' }, methodResponses: { 200: {} } });
    expect(plane.make('GET', resource)['resourceMethods']).toEqual({ GET: {} });
    expect(plane.make('GET', `${resource}?embed=methods`)['resourceMethods']).toEqual({ GET: method });
  });
});

describe('GetResources', () => {
  it('nests the whole methods for the SDK', async () => {
    const plane = createControlPlane();
    const wired = makeWired(plane);

    const { items = [] } = await plane.client.send(
      new GetResourcesCommand({ restApiId: wired.id, embed: ['methods'], limit: 500 }),
    );

    const embedded = items.find(({ id }) => id === wired.resourceId);
    expect(embedded?.resourceMethods?.['GET']?.methodIntegration?.httpMethod).toBe('GET');
  });
});

describe('UpdateResource', () => {
  it('renames a resource and everything below it', () => {
    const plane = createControlPlane();
    const { at, pets, photos } = makeTree(plane);

    const renamed = plane.make('PATCH', at(pets), patch(['replace', '/pathPart', 'animals']));

    expect(renamed).toMatchObject({ pathPart: 'animals', path: '/animals' });
    expect(plane.make('GET', at(photos))).toMatchObject({ path: '/animals/{id}/photos', pathPart: 'photos' });
  });

  it('moves a resource and everything below it', () => {
    const plane = createControlPlane();
    const { at, pet, photos, dogs } = makeTree(plane);

    plane.make('PATCH', at(pet), patch(['replace', '/parentId', dogs]));

    expect(plane.make('GET', at(pet))).toMatchObject({ parentId: dogs, path: '/dogs/{id}' });
    expect(plane.make('GET', at(photos))).toMatchObject({ parentId: pet, path: '/dogs/{id}/photos' });
  });

  it.each([
    [
      'pets',
      'replace',
      '/invalid',
      'x',
      "Invalid patch path  '/invalid' specified for op 'replace'. Must be one of: [/parentId, /pathPart]",
    ],
    [
      'pets',
      'remove',
      '/pathPart',
      undefined,
      "Invalid patch path  '/pathPart' specified for op 'remove'. Please choose supported operations",
    ],
    [
      'pets',
      'add',
      '/pathPart',
      'x',
      "Invalid patch path  '/pathPart' specified for op 'add'. Please choose supported operations",
    ],
    ['root', 'replace', '/pathPart', 'x', 'Root resource cannot update its pathPart.'],
    ['root', 'replace', '/parentId', 'x', 'Root resource cannot update its parentId.'],
  ] as const)('refuses for %s: %s %s', (which, op, path, value, message) => {
    const plane = createControlPlane();
    const tree = makeTree(plane);

    expect(plane.ask('PATCH', tree.at(tree[which]), patch([op, path, value]))).toEqual(badRequest(message));
  });

  it('refuses to take a name that a sibling has, by renaming or by moving', () => {
    const plane = createControlPlane();
    const { at, add, dogs, root } = makeTree(plane);
    const inner = add(dogs, 'pets');

    const taken = conflict('Another resource with the same parent already has this name: pets');
    expect(plane.ask('PATCH', at(dogs), patch(['replace', '/pathPart', 'pets']))).toEqual(taken);
    expect(plane.ask('PATCH', at(inner), patch(['replace', '/parentId', root]))).toEqual(taken);
  });

  it('refuses to move a resource below itself, or below none', () => {
    const plane = createControlPlane();
    const { at, pets, photos } = makeTree(plane);

    const cyclical = badRequest('Resources cannot be cyclical.');
    expect(plane.ask('PATCH', at(pets), patch(['replace', '/parentId', photos]))).toEqual(cyclical);
    expect(plane.ask('PATCH', at(pets), patch(['replace', '/parentId', pets]))).toEqual(cyclical);
    expect(plane.ask('PATCH', at(pets), patch(['replace', '/parentId', 'nothere']))).toEqual(
      notFound('Invalid Resource identifier specified'),
    );
  });

  it('refuses to make a parent greedy, or a greedy one a parent', () => {
    const plane = createControlPlane();
    const { at, add, pet, dogs } = makeTree(plane);
    const all = add(dogs, '{all+}');

    expect(plane.ask('PATCH', at(pet), patch(['replace', '/pathPart', '{id+}']))).toEqual(
      badRequest('Cannot create a child of a resource with a greedy path variable: {id+}'),
    );
    expect(plane.ask('PATCH', at(pet), patch(['replace', '/parentId', all]))).toEqual(
      badRequest('Cannot create a child of a resource with a greedy path variable: {all+}'),
    );
  });
});

describe('DeleteResource', () => {
  it('removes everything below it too', () => {
    const plane = createControlPlane();
    const tree = makeTree(plane);

    expect(plane.ask('DELETE', tree.at(tree.pets)).status).toBe(202);

    const gone = notFound('Invalid Resource identifier specified');
    for (const id of [tree.pets, tree.pet, tree.photos]) expect(plane.ask('GET', tree.at(id))).toEqual(gone);
    expect(plane.ask('DELETE', tree.at(tree.pets))).toEqual(gone);
    expect(plane.make('GET', tree.all)['item']).toHaveLength(2);
  });

  it('refuses the root', () => {
    const plane = createControlPlane();
    const { at, root } = makeTree(plane);

    expect(plane.ask('DELETE', at(root)).status).toBe(400);
  });
});
