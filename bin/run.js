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
  const [first, ...rest] = process.argv.slice(2);
  let handle;
  try {
    ({ handle } = await import('@oclif/core/handle'));
    const { run } = await import('@oclif/core/run');
    const { flush } = await import('@oclif/core/flush');
    await run(first === 'help' ? [...rest, '--help'] : process.argv.slice(2), import.meta.url);
    flush();
  } catch (error) {
    const isTold = error?.skipOclifErrorHandling === true;
    // Node opens all files of the program at once, before a line of it runs.
    if (!isTold && (error?.code === 'EMFILE' || error?.code === 'ENFILE')) {
      console.error(`Cannot start pixgate: too many files are open (${error.code}).\nTry this: ulimit -n 1024`);
      process.exitCode = 6;
    } else {
      if (handle === undefined) throw error;
      await handle(error);
    }
  }
}
