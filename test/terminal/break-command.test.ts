import { expect, test } from 'vitest';
import { breakCommand } from '../../src/terminal/break-command.js';

const parts = ['pixgate init', '--name holiday', "--source './my images'", '--yes'];

test.each([
  [200, ["  pixgate init --name holiday --source './my images' --yes"]],
  [40, ['  pixgate init --name holiday \\', "    --source './my images' --yes"]],
  [10, ['  pixgate init \\', '    --name holiday \\', "    --source './my images' \\", '    --yes']],
])('breakCommand() breaks at %i columns between flags only', (columns, lines) => {
  expect(breakCommand(parts, columns)).toEqual(lines);
});
