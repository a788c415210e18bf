#!/usr/bin/env node
// Runs the sources: compiles what changed into .dev/ first, and stops at a type error.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execute, settings } from '@oclif/core';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
const root = fileURLToPath(new URL('..', import.meta.url));
const compiler = join(createRequire(import.meta.url).resolve('typescript/package.json'), '..', 'bin', 'tsc');
const { status } = spawnSync(
  process.execPath,
  [compiler, '-p', root, '--outDir', join(root, '.dev'), '--incremental'],
  {
    stdio: ['ignore', 2, 2],
  },
);
if (status !== 0) process.exit(status ?? 1);

const pjson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
pjson.oclif.commands = './.dev/commands';
pjson.oclif.hooks = { command_not_found: './.dev/src/terminal/command-not-found' };
settings.enableAutoTranspile = false;
await execute({ loadOptions: { root, pjson, ignoreManifest: true } });
