import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { Config, MountConfig } from '../../src/config/config.js';
import { newWorld, type World } from './world.js';

const PNG = readFileSync(new URL('../../samples/waves.png', import.meta.url));
const ACTIVE = '<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>';

/** A world with these images online. */
async function worldWith(files: Readonly<Record<string, string | Buffer>>): Promise<World & { images: string }> {
  const world = newWorld();
  const images = path.join(world.folder, 'images');
  rmSync(images, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(images, name)), { recursive: true });
    writeFileSync(path.join(images, name), content);
  }
  await world.run('init');
  await world.run('upload');
  return { ...world, images };
}

async function noticesOf(world: World, mount: Partial<MountConfig> = {}, prune = false): Promise<readonly string[]> {
  const config: Config = world.config({}, mount);
  return (await world.plan('upload', config, { prune })).notices;
}

async function keysOnline(world: World): Promise<string[]> {
  const { s3 } = await world.aws();
  const bucket = (await s3.listBuckets('pixgate-'))[0]?.name ?? '';
  const keys: string[] = [];
  for await (const page of s3.listObjectPages(bucket, 'images/')) for (const { key } of page) keys.push(key);
  return keys;
}

it('an upload that refuses files says which images stay online for that, and --delete leaves them too', async () => {
  const world = await worldWith({ 'a.svg': ACTIVE, 'b.svg': ACTIVE, 'c/d.svg': ACTIVE, 'e.svg': ACTIVE, 'x.png': PNG });
  const before = await keysOnline(world);

  const all = await noticesOf(world, { svg: 'refuse' });
  rmSync(path.join(world.images, 'b.svg'));
  rmSync(path.join(world.images, 'c'), { recursive: true });
  rmSync(path.join(world.images, 'e.svg'));
  const one = await noticesOf(world, { svg: 'refuse' }, true);
  await world.run('upload', world.config({}, { svg: 'refuse' }), { prune: true });

  expect(before).toHaveLength(5);
  expect(all).toEqual([
    '4 of the images online have files that cannot be sent now (a.svg, b.svg, c/d.svg): they stay as before; ' +
      'mend the files, or remove them and upload --delete takes them down.',
  ]);
  expect(one).toEqual([
    '1 of the images online has a file that cannot be sent now (a.svg): it stays as before; ' +
      'mend the file, or remove it and upload --delete takes it down.',
  ]);
  expect(await keysOnline(world)).toEqual(['images/a.svg', 'images/x.png']);
});

it('an upload that refuses files which never went online says nothing of what is online', async () => {
  const world = await worldWith({ 'x.png': PNG });
  writeFileSync(path.join(world.images, 'new.svg'), ACTIVE);
  writeFileSync(path.join(world.images, 'new.png'), 'milk');

  expect(await noticesOf(world, { svg: 'refuse' })).toEqual([]);
});

it('a rename in case alone is told as such, since S3 keeps both', async () => {
  const world = await worldWith({ 'a.png': PNG, 'b.png': PNG, 'x.png': PNG });
  rmSync(path.join(world.images, 'a.png'));
  const gone = await noticesOf(world);
  renameSync(path.join(world.images, 'b.png'), path.join(world.images, 'B.png'));
  const renamed = await noticesOf(world);
  await world.run('upload');

  const why = 'no longer in the folder, or ruled out by include, exclude or .pixgateignore';
  expect(gone).toEqual([`1 of the images online is ${why} (a.png): upload --delete removes it.`]);
  expect(renamed).toEqual([
    `2 of the images online are ${why} (a.png, b.png): upload --delete removes them.` +
      ' b.png is now spelled B.png: until then both are online.',
  ]);
  expect(await keysOnline(world)).toEqual(['images/B.png', 'images/a.png', 'images/b.png', 'images/x.png']);
});

it('a plan says what is passed over and what becomes public, and links: follow sends it', async () => {
  const world = await worldWith({ 'x.png': PNG, '.DS_Store': '', 'node_modules/y.png': PNG });
  const outside = mkdtempSync(path.join(tmpdir(), 'pixgate-outside-'));
  onTestFinished(() => rmSync(outside, { recursive: true }));
  writeFileSync(path.join(outside, 'far.png'), PNG);
  symlinkSync(path.join(outside, 'far.png'), path.join(world.images, 'near.png'));
  const hidden = '2 hidden or housekeeping entries are passed over: .DS_Store, node_modules';

  const inside = await world.plan('upload');
  const follow = await noticesOf(world, { links: 'follow', exclude: ['drfats/**'] });
  const { upload } = await world.run('upload', world.config({}, { links: 'follow' }));

  expect(inside.notices).toEqual([hidden]);
  expect(inside.refused).toEqual([
    { file: 'near.png', reason: 'is a link that leads out of the folder (set links: follow to send it)' },
  ]);
  expect(follow).toEqual([
    '1 link leads to a file outside of the folder (near.png): with links: follow, that file becomes public',
    hidden,
    '/images: exclude "drfats/**" matches no file of the folder',
  ]);
  expect(upload).toMatchObject({ sent: 1 });
  expect(upload?.refused ?? []).toEqual([]);
  expect(await keysOnline(world)).toEqual(['images/near.png', 'images/x.png']);
});

it('of a file that is in two mounts a plan says in which, each time', async () => {
  const world = await worldWith({ 'a.svg': ACTIVE });
  const [mount] = world.config().mounts;
  if (mount === undefined) throw new Error('the config has no mount');
  const twin = { ...mount, id: 'twin', path: '/twin', bucket: { ...mount.bucket, prefix: 'twin/' } };

  const config = world.config({ mounts: [mount, twin] });
  await world.run('init', config);

  const { warnings = [] } = await world.plan('upload', config);

  expect(warnings.map((text) => text.split(' holds')[0])).toEqual(['objects/images: a.svg', 'objects/twin: a.svg']);
});

it('a plan names five images of each kind of which the same is to be said, counts the rest, and has all in its JSON', async () => {
  const tailed = Array.from(
    { length: 12 },
    (_, n) => [`t${n}.png`, Buffer.concat([PNG, Buffer.from('tail')])] as const,
  );
  const active = Array.from({ length: 6 }, (_, n) => [`s${n}.svg`, ACTIVE] as const);
  const world = await worldWith(Object.fromEntries([...tailed, ...active]));

  const plan = await world.plan('upload');

  const about = (text: string) => plan.notices.filter((notice) => notice.includes(text));
  expect(about('4 bytes behind its end')).toHaveLength(5);
  expect(about('behind their end')).toEqual([
    'and 7 more carry data behind their end (upload --plan --json names all)',
  ]);
  expect(about('Content-Security-Policy')).toHaveLength(6);
  expect(plan.warnings).toHaveLength(18);
});
