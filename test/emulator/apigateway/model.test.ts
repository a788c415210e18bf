import { describe, expect, it } from 'vitest';
import { badRequest, conflict, createControlPlane, invalid, makeWired, notFound, patch } from './control-plane.js';

const PET = { name: 'Pet', contentType: 'application/json', schema: '{"type":"object"}', description: 'a pet' };

describe('CreateModel', () => {
  it('adds to the two models that every API has', () => {
    const plane = createControlPlane();
    const { api } = makeWired(plane);

    const made = plane.make('POST', `${api}/models`, PET);

    expect(made).toEqual({ id: expect.stringMatching(/^\w{6}$/), ...PET });
    expect(plane.make('GET', `${api}/models`)['item']).toMatchObject([{ name: 'Empty' }, { name: 'Error' }, PET]);
    expect(plane.make('GET', `${api}/models/Pet`)).toEqual(made);
  });

  it('refuses a name that is taken, a name with other characters and a model without a schema', () => {
    const plane = createControlPlane();
    const { api } = makeWired(plane);
    const make = (input: object) => plane.ask('POST', `${api}/models`, { ...PET, ...input });

    expect(make({ name: 'Empty' })).toEqual(conflict('Model name already exists for this REST API'));
    expect(make({ name: 'my pet' }).status).toBe(400);
    expect(make({ schema: undefined })).toEqual(
      badRequest('Model schema must have at least 1 property or array items defined'),
    );
    expect(make({ name: undefined })).toEqual(
      invalid(
        "1 validation error detected: Value null at 'createModelInput.name' failed to satisfy constraint: Member must not be null",
      ),
    );
  });
});

describe('DeleteModel', () => {
  it('refuses a model that a request uses, and says where', () => {
    const plane = createControlPlane();
    const { api, root } = makeWired(plane);
    plane.make('POST', `${api}/models`, PET);
    const requestModels = { 'application/json': 'Pet' };
    plane.make('PUT', `${root}/methods/ANY`, { authorizationType: 'NONE', requestModels });

    expect(plane.ask('DELETE', `${api}/models/Pet`)).toEqual(
      conflict("Cannot delete model 'Pet', is referenced in method request: //ANY"),
    );
    plane.make('DELETE', `${root}/methods/ANY`);
    expect(plane.ask('DELETE', `${api}/models/Pet`).status).toBe(202);
    expect(plane.ask('GET', `${api}/models/Pet`)).toEqual(notFound('Invalid model name specified: Pet'));
  });

  it('refuses a model that a response uses', () => {
    const plane = createControlPlane();
    const { api, method } = makeWired(plane);
    plane.make('POST', `${api}/models`, PET);
    plane.make('PUT', `${method}/responses/404`, { responseModels: { 'application/json': 'Pet' } });

    expect(plane.ask('DELETE', `${api}/models/Pet`).type).toBe('ConflictException');
  });
});

describe('CreateRequestValidator', () => {
  it('is read, changed, listed and removed', () => {
    const plane = createControlPlane();
    const { api } = makeWired(plane);
    const all = `${api}/requestvalidators`;

    const made = plane.make('POST', all, { name: 'v', validateRequestParameters: true });
    const one = `${all}/${made['id']}`;
    const changes = patch(['replace', '/validateRequestBody', 'true'], ['replace', '/name', 'w']);
    const updated = plane.make('PATCH', one, changes);

    expect(made).toEqual({ id: made['id'], name: 'v', validateRequestBody: false, validateRequestParameters: true });
    expect(updated).toEqual({ ...made, name: 'w', validateRequestBody: true });
    expect(plane.make('GET', one)).toEqual(updated);
    expect(plane.make('GET', all)).toEqual({ item: [updated] });
    expect(plane.ask('DELETE', one).status).toBe(202);
    expect(plane.ask('GET', one)).toEqual(notFound('Invalid Request Validator identifier specified'));
  });

  it('takes an API that is not there for a bad request', () => {
    const plane = createControlPlane();

    expect(plane.ask('POST', '/restapis/nothere/requestvalidators', { name: 'v' })).toEqual(
      badRequest('Invalid REST API identifier specified'),
    );
  });

  it('is not removed while a method uses it', () => {
    const plane = createControlPlane();
    const { api, root } = makeWired(plane);
    const { id } = plane.make('POST', `${api}/requestvalidators`, { name: 'v' });
    plane.make('PUT', `${root}/methods/GET`, { authorizationType: 'NONE', requestValidatorId: id });

    expect(plane.ask('DELETE', `${api}/requestvalidators/${id}`).type).toBe('ConflictException');
  });

  it.each([
    [
      'replace',
      '/wrong',
      "Invalid patch path  '/wrong' specified for op 'replace'. Must be one of: [/name, /validateRequestParameters, /validateRequestBody]",
    ],
    ['add', '/name', "Invalid patch path  '/name' specified for op 'add'. Please choose supported operations"],
  ])('refuses to %s %s', (op, path, message) => {
    const plane = createControlPlane();
    const { api } = makeWired(plane);
    const { id } = plane.make('POST', `${api}/requestvalidators`, { name: 'v' });

    expect(plane.ask('PATCH', `${api}/requestvalidators/${id}`, patch([op, path, 'x']))).toEqual(badRequest(message));
  });
});
