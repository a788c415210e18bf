import { PassThrough, type Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { createVoice } from '../../src/terminal/voice.js';

interface Setting {
  readonly tty?: boolean;
  readonly columns?: number;
  readonly env?: Record<string, string>;
  readonly manner?: { json?: boolean; quiet?: boolean; color?: boolean };
}

function speak({ tty = false, columns = 80, env = {}, manner = {} }: Setting) {
  const texts = { out: '', err: '' };
  const stream = (name: 'out' | 'err') =>
    Object.assign(new PassThrough(), {
      isTTY: tty,
      columns,
      write: (text: string) => {
        texts[name] += text;
        return true;
      },
    }) as unknown as NodeJS.WriteStream;
  const stdin = Object.assign(new PassThrough(), { isTTY: tty }) as Readable as NodeJS.ReadStream;
  const voice = createVoice(
    { stdin, stdout: stream('out'), stderr: stream('err'), env },
    { json: false, quiet: false, verbose: false, color: true, ...manner },
  );
  return { voice, texts };
}

test.each<[string, Setting, { out: string; err: string }]>([
  ['a pipe', {}, { out: 'result\n', err: 'plan\nprogress\n' }],
  ['--quiet', { manner: { quiet: true } }, { out: 'result\n', err: 'plan\n' }],
  ['--json', { manner: { json: true } }, { out: '', err: 'plan\nprogress\n' }],
])('createVoice() sends results to stdout and the rest to stderr: %s', (_name, setting, expected) => {
  const { voice, texts } = speak(setting);

  voice.out.line('result');
  voice.err.line('plan');
  voice.progress.line('progress');

  expect(texts).toEqual(expected);
});

test.each<[Setting, boolean]>([
  [{ tty: true }, true],
  [{ tty: false }, false],
  [{ tty: true, env: { NO_COLOR: '1' } }, false],
  [{ tty: true, env: { NO_COLOR: '' } }, true],
  [{ tty: true, env: { TERM: 'dumb' } }, false],
  [{ tty: true, manner: { color: false } }, false],
  [{ tty: false, env: { FORCE_COLOR: '1' } }, true],
  [{ tty: false, env: { FORCE_COLOR: '0' } }, false],
])('createVoice() colours as %j wants', (setting, expected) => {
  const { voice } = speak(setting);

  const colored = voice.err.paint('good', 'x') !== 'x';

  expect(colored).toBe(expected);
});

test.each<[Setting, { canAsk: boolean; animated: boolean; columns: number }]>([
  [{ tty: true }, { canAsk: true, animated: true, columns: 80 }],
  [
    { tty: true, columns: 20 },
    { canAsk: true, animated: true, columns: 20 },
  ],
  [
    { tty: true, columns: 250 },
    { canAsk: true, animated: true, columns: 100 },
  ],
  [
    { tty: true, env: { TERM: 'dumb' } },
    { canAsk: true, animated: false, columns: 80 },
  ],
  [
    { tty: true, manner: { json: true } },
    { canAsk: false, animated: false, columns: 80 },
  ],
  [
    { tty: true, manner: { quiet: true } },
    { canAsk: true, animated: false, columns: 80 },
  ],
  [
    { tty: true, env: { CI: 'true' } },
    { canAsk: true, animated: false, columns: 80 },
  ],
  [{}, { canAsk: false, animated: false, columns: Number.POSITIVE_INFINITY }],
])('createVoice() asks and moves as %j allows', (setting, expected) => {
  const { voice } = speak(setting);

  const able = { canAsk: voice.canAsk, animated: voice.animated, columns: voice.err.columns };

  expect(able).toEqual(expected);
});

test.each([0, Number.NaN, undefined])(
  'createVoice() takes a terminal of %s columns for 80 and moves nothing',
  (columns) => {
    const stream = Object.assign(new PassThrough(), { isTTY: true, columns }) as unknown as NodeJS.WriteStream;
    const streams = {
      stdin: new PassThrough() as Readable as NodeJS.ReadStream,
      stdout: stream,
      stderr: stream,
      env: {},
    };

    const voice = createVoice(streams, { json: false, quiet: false, verbose: false, color: true });

    expect([voice.err.columns, voice.animated]).toEqual([80, false]);
  },
);
