import { expect, test } from 'vitest';
import { UsageError } from '../../src/errors.js';
import { mannerOf, nextCommand, rejectRepeated, spellFlags, spellWords } from '../../src/terminal/invocation.js';

test.each([
  [['wire', '--json'], {}, { json: true, quiet: false, verbose: false, color: true }],
  [['wire', '--', '--json'], {}, { json: false, quiet: false, verbose: false, color: true }],
  [[], { PIXGATE_JSON: '1', PIXGATE_QUIET: 'yes' }, { json: true, quiet: true, verbose: false, color: true }],
  [[], { PIXGATE_JSON: '0', NO_COLOR: '1' }, { json: false, quiet: false, verbose: false, color: false }],
  [['--no-color', '--verbose'], {}, { json: false, quiet: false, verbose: true, color: false }],
])('mannerOf() hears %j with %j', (argv, env, expected) => {
  const manner = mannerOf(argv, env);

  expect(manner).toEqual(expected);
});

const flags = {
  stage: { type: 'option' },
  tag: { type: 'option', multiple: true },
  yes: { type: 'boolean' },
} as const;

test.each([[['--stage', 'a', '--stage', 'b']], [['--stage=a', '--stage=a']]])('rejectRepeated() refuses %j', (argv) => {
  const act = () => rejectRepeated(argv, flags);

  expect(act).toThrow(new UsageError('--stage must be given once: got it twice.'));
});

test.each([[['--tag', 'a=1', '--tag', 'b=2']], [['--yes', '--yes']], [['--stage', 'a', '--', '--stage']]])(
  'rejectRepeated() accepts %j',
  (argv) => {
    const act = () => rejectRepeated(argv, flags);

    expect(act).not.toThrow();
  },
);

test('nextCommand() repeats only the flags that chose the environment', () => {
  const given = { stage: 'prod', target: 'local', yes: true, 'cache-size': '0.5', config: "it's mine.yaml" };

  const command = nextCommand('test', given);

  expect(command).toBe("pixgate test --config 'it'\\''s mine.yaml' --target local --stage prod");
});

test('spellFlags() spells switches, lists and words with spaces', () => {
  const given = { tracing: false, versioning: true, tag: ['a=1', 'b=x y'], source: './my images' };

  const words = spellFlags(given, ['source', 'tracing', 'versioning', 'tag', 'cors']);

  expect(words).toEqual(["--source './my images'", '--no-tracing', '--versioning', '--tag a=1', "--tag 'b=x y'"]);
});

test('spellWords() quotes what a shell would take apart, and turns what looks like a flag into a path', () => {
  const words = spellWords(['images/cats', 'a b.png', '-x.png']);

  expect(words).toEqual(['images/cats', "'a b.png'", './-x.png']);
});
