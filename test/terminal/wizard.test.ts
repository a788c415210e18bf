import { PassThrough, Writable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { expect, test, vi } from 'vitest';
import { runWizard } from '../../src/terminal/wizard.js';

const ENTER = '\r';
const DOWN = '\u001b[B';

/** A person who answers each question when it appears; a question not in the script is a surprise that hangs. */
function person(script: readonly (readonly [question: string, keys: string])[]) {
  const input = new PassThrough();
  let seen = '';
  let everything = '';
  const output = new Writable({
    write(chunk, _encoding, done) {
      seen += stripVTControlCharacters(String(chunk));
      everything += stripVTControlCharacters(String(chunk));
      done();
    },
  });
  // inquirer ends its output after each question.
  output.end = () => output;
  const answering = (async () => {
    for (const [question, keys] of script) {
      await vi.waitFor(() => expect(seen).toContain(question), 5_000);
      seen = '';
      input.write(keys);
    }
  })();
  return { input, output, answering, all: () => everything };
}

const defaults = { source: './images', name: 'holiday', region: 'us-east-1', mount: '/images' };
const fine = () => true as const;
const judges = { source: fine, name: fine, region: fine, mount: fine, bucket: fine };

test('runWizard() asks seven questions and gives the answers as flags', async () => {
  const { input, output, answering } = person([
    ['Which folder', ENTER],
    ['What is this project called', `photos${ENTER}`],
    ['In which AWS Region', ENTER],
    ['Under which path', `p${ENTER}`],
    ['Which bucket', `${DOWN}${ENTER}`],
    ['What is the bucket called', `my-photos${ENTER}`],
    ['Cache answers', `y${ENTER}`],
    ['Who may see the images', `${DOWN}${ENTER}`],
  ]);

  const [answers] = await Promise.all([
    runWizard({ target: 'aws', given: {}, defaults, judges, columns: 80, input, output }),
    answering,
  ]);

  expect(answers).toEqual({
    source: './images',
    name: 'photos',
    region: 'us-east-1',
    mount: '/p',
    bucket: 'my-photos',
    'create-bucket': false,
    'cache-size': '0.5',
    access: 'public',
  });
});

test('runWizard() does not ask what was given', async () => {
  const given = { source: 'a', name: 'b', region: 'c', mount: '/d', bucket: 'e', 'cache-size': 'none' };
  const { input, output, answering, all } = person([['Who may see the images', `${DOWN}${ENTER}`]]);

  const [answers] = await Promise.all([
    runWizard({ target: 'aws', given, defaults, judges, columns: 80, input, output }),
    answering,
  ]);

  expect(answers).toEqual({ access: 'public' });
  expect(all()).toMatch(/^Esc leaves\. Nothing is written or made before you approve the plan\.\n/);
});

test('runWizard() asks again until an answer holds', async () => {
  const given = { source: 'a', name: 'b', mount: '/d', bucket: 'e', 'cache-size': 'none', access: 'public' };
  const region = (text: string) => text === 'eu-west-1' || 'The Region must be an AWS Region.';
  const { input, output, answering } = person([
    ['In which AWS Region', `moon${ENTER}`],
    ['The Region must be an AWS Region', `${'\u007f'.repeat(4)}eu-west-1${ENTER}`],
  ]);

  const wizard = runWizard({
    target: 'aws',
    given,
    defaults,
    judges: { ...judges, region },
    columns: 80,
    input,
    output,
  });
  const [answers] = await Promise.all([wizard, answering]);

  expect(answers).toEqual({ region: 'eu-west-1' });
});

test('runWizard() opens the images to the world only when that is chosen', async () => {
  const given = { source: 'a', name: 'b', region: 'c', mount: '/d', bucket: 'e', 'cache-size': 'none' };
  const { input, output, answering } = person([['Who may see the images', ENTER]]);

  const [answers] = await Promise.all([
    runWizard({ target: 'aws', given, defaults, judges, columns: 80, input, output }),
    answering,
  ]);

  expect(answers).toEqual({ access: 'iam' });
});

test('runWizard() tells nobody on the local cloud of money, and opens the images there', async () => {
  const given = { source: 'a', name: 'b', region: 'c', mount: '/d' };
  const { input, output, answering, all } = person([
    ['Which bucket', ENTER],
    ['Cache answers', ENTER],
    ['Who may see the images', ENTER],
  ]);

  const [answers] = await Promise.all([
    runWizard({ target: 'local', given, defaults, judges, columns: 80, input, output }),
    answering,
  ]);

  expect(answers).toEqual({ access: 'public' });
  expect(all()).not.toMatch(/\$|bill|cost|pay|price/i);
});

test('runWizard() says beside each choice on AWS that a browser cannot show the images with it', async () => {
  const given = { source: 'a', name: 'b', region: 'c', mount: '/d', bucket: 'e', 'cache-size': 'none' };
  const { input, output, answering, all } = person([['Who may see the images', ENTER]]);

  await Promise.all([runWizard({ target: 'aws', given, defaults, judges, columns: 80, input, output }), answering]);

  expect(all()).toContain('❯ signed requests, no browser (iam)');
  expect(all()).toContain('  holders of a key, no browser (api-key)');
});
