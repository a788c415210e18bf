#!/usr/bin/env node
import { existsSync, readFileSync } from 'node:fs';
import module from 'node:module';

// Else every client of the SDK prints nine lines about Node 20.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

// Somebody who has read enough, as in `| head -1`, or closed the terminal, is no error.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error) => {
    if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
  });
}

if (process.argv.length === 3 && process.argv[2] === '--version') {
  console.log(`pixgate/${JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version}`);
} else if (!existsSync(new URL('../dist/commands', import.meta.url))) {
  console.error('pixgate is not built yet.\nTry this: npm run build');
  process.exitCode = 70;
} else {
  module.enableCompileCache?.();
  const { execute } = await import('@oclif/core/execute');
  const [first, ...rest] = process.argv.slice(2);
  await execute({ dir: import.meta.url, args: first === 'help' ? [...rest, '--help'] : process.argv.slice(2) });
}
