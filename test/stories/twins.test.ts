import { expect, it } from 'vitest';
import { changing, newWorld, type World } from './world.js';

/** Makes an API that carries the tags of ours. */
async function makeTwin(world: World): Promise<string> {
  const { apiGateway } = await world.aws();
  const [ours] = await apiGateway.listApis();
  const reading = await apiGateway.findGateway(ours?.id ?? '');
  if (ours === undefined || reading === undefined) throw new Error('no API');
  return apiGateway.createApi({ ...reading.gateway.settings, name: 'payments' }, ours.tags);
}

it('a second API that a lost reply left behind is named and deleted by wire', async () => {
  const world = newWorld();
  await world.run('up');
  const twin = await makeTwin(world);

  const plan = await world.plan('wire');
  await world.run('wire');

  const changes = plan.steps.flatMap((step) => step.changes);
  expect(changes.map(({ path }) => path)).toEqual([`twin ${twin}`]);
  expect((await (await world.aws()).apiGateway.listApis()).map(({ id }) => id)).not.toContain(twin);
});

it('an API that serves a stage and carries copies of our tags is refused by name, and nothing is changed', async () => {
  const world = newWorld();
  await world.run('up');
  const twin = await makeTwin(world);
  const { store } = world.emulator;
  const [stage] = store.list<Record<string, unknown>>('apigateway/stage');
  store.put('apigateway/stage', `${twin}/live`, {
    ...stage?.value,
    name: 'live',
    stageName: 'live',
    apiId: twin,
    restApiId: twin,
  });
  const before = world.everything();
  world.calls.length = 0;

  const refusal: unknown = await world.run('wire').catch((error: unknown) => error);

  expect(refusal).toMatchObject({
    code: 'TAGS_COPIED',
    message: expect.stringContaining(`"payments" (${twin})`) as string,
  });
  expect(changing(world.calls)).toEqual([]);
  expect(world.everything()).toEqual(before);
});
