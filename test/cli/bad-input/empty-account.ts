import type { Row } from './row.js';

function of(command: Row[0], argv: readonly string[], says: string, exit = 2): Row {
  return [command, ['--target', 'local', ...argv], says, { exit }];
}

/** What is asked of a local cloud that holds no gateway, and makes none. */
export const emptyAccount: readonly Row[] = [
  of('up', ['--source', '../nowhere', '--yes'], 'nowhere": there is no such folder.'),
  of('up', ['--source', '/no/where', '--yes'], '"/no/where": there is no such folder.'),
  of('up', ['--source', 'pixgate.yaml', '--yes'], 'pixgate.yaml": '),
  of('init', ['--name', 'Holiday', '--yes'], '--name must be 2 to 32'),
  of('upload', ['--yes'], 'bucket/images does not exist yet', 3),
  of('flush', [], 'Cannot flush "holiday"', 3),
  of('flush', ['/images/a.png'], 'Cannot flush "holiday"', 3),
  of('access', ['key', 'show', 'default', '--reveal'], 'Cannot use key "default": there is no such key.'),
  of('access', ['key', 'add', 'ci'], 'Cannot', 3),
  of('access', ['user', 'add', 'ann', '--reveal'], 'Cannot', 3),
  of('test', [], 'Cannot', 3),
  of('logs', [], 'Cannot', 3),
  of('wire', ['--plan', '--check'], 'Cannot', 3),
];
