#!/usr/bin/env node
'use strict';
const { existsSync, readFileSync, writeFileSync } = require('node:fs');
const path = require('node:path');

// What is built lies in dist/cli/. Whatever needs none of oclif's config goes past it, since that takes as long as all the rest.
// All of it is CommonJS: Node takes a sixth of a start less to load it than modules.
const [first = '', ...rest] = process.argv.slice(2);
const root = path.join(__dirname, '..');
const built = path.join(root, 'dist', 'cli');
let isMissing = false;

if (first === '--version' && rest.length === 0) {
  guard(process.stdout);
  console.log(`pixgate/${readVersion()}`);
} else {
  guard(process.stdout);
  guard(process.stderr);
  let isDone = false;
  // Nothing is left to wait for, and yet it has not ended.
  process.once('beforeExit', () => {
    if (isDone) return;
    console.error('pixgate stopped in the midst of its work. This is a bug of pixgate.');
    process.exitCode = 70;
  });
  void main().then(() => {
    isDone = true;
  });
}

async function main() {
  if (!existsSync(built)) {
    const how = existsSync(path.join(root, 'node_modules')) ? 'npm run build' : 'npm ci';
    console.error(`pixgate is not built yet.\nTry this: ${how}, in ${root}`);
    process.exitCode = 70;
    return;
  }
  const help = rest.length === 0 && ['', '--help', '-h', 'help'].includes(first) ? findRootHelp() : undefined;
  if (help !== undefined) {
    process.stdout.write(help);
    return;
  }
  // Else every client of the SDK prints nine lines about Node 20.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  require('./compiled.cjs').keepCompiled(path.join(built, 'chunks'));
  await run().catch(complain);
}

/** Somebody who has read enough, as in `| head -1`, or closed the terminal, is no error. A file has to take everything. */
function guard(stream) {
  stream.on('error', (error) => {
    if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
  });
  if (stream.constructor.name !== 'SyncWriteStream') return;
  // Node writes to a file once, and drops without a word what a disk that is nearly full did not take.
  stream._write = (chunk, _encoding, done) => {
    try {
      writeFileSync(stream.fd, chunk);
    } catch (error) {
      miss(stream, error);
    }
    done();
  };
}

/** Says once that output is lost, and has the exit code tell it. The work goes on: it must not depend on who listens. */
function miss(stream, error) {
  if (isMissing) return;
  isMissing = true;
  process.on('exit', (code) => {
    if (code === 0) process.exitCode = 6;
  });
  if (stream === process.stderr) return;
  console.error(`Cannot write all that there is to say: ${error.message}.`);
  console.error('Try this: make room on the disk, then run the same command again');
}

function readVersion() {
  return JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')).version;
}

/** What oclif would print, from the build; undefined where that cannot be told without oclif. */
function findRootHelp() {
  const { isTTY, columns } = process.stdout;
  const { OCLIF_COLUMNS, DEBUG } = process.env;
  const isBold = findWhetherBold();
  // oclif calls these by other names.
  const isRenamed =
    process.arch === 'ia32' || (process.platform === 'linux' && /microsoft/i.test(require('node:os').release()));
  if (OCLIF_COLUMNS !== undefined || DEBUG !== undefined || isBold === undefined || isRenamed) return undefined;
  const width = isTTY ? columns : 80;
  const texts = JSON.parse(readFileSync(path.join(built, 'root-help.json'), 'utf8'));
  const text = texts.findLast(({ from }) => from <= width)?.text;
  const userAgent = `pixgate/${readVersion()} ${process.platform}-${process.arch} node-${process.version}`;
  return (isBold ? text : text?.replaceAll(/\u001b\[\d+m/g, ''))?.replace('{userAgent}', userAgent);
}

/** Whether both packages that oclif asks see a terminal with colours; undefined where they might not agree with us. */
function findWhetherBold() {
  const { CI, FORCE_COLOR, NO_COLOR, TERM = '' } = process.env;
  if (FORCE_COLOR !== undefined) return undefined;
  if (!process.stdout.isTTY || (NO_COLOR ?? '') !== '') return false;
  const isKnown = /^(xterm|screen)(-256color)?$/.test(TERM) && CI === undefined && process.platform !== 'win32';
  return isKnown && process.stderr.isTTY ? true : undefined;
}

async function run() {
  const end = rest.indexOf('--');
  const asksForHelp = (end < 0 ? rest : rest.slice(0, end)).some(isHelp);
  if (!asksForHelp && isCommand(first)) {
    const { default: Command } = require(path.join(built, 'commands', `${first}.cjs`));
    return require('../dist/cli/launch.cjs').launch(Command, first, rest, root);
  }
  // Nobody's colours but ours.
  process.env.PIXGATE_DISABLE_THEME = 'true';
  const { start } = require('../dist/cli/start.cjs');
  return start(sayPlainly(first === 'help' ? [...rest, '--help'] : process.argv.slice(2)), __filename);
}

function isHelp(word) {
  return word === '--help' || word === '-h';
}

function isCommand(word) {
  return /^[a-z]+$/.test(word) && existsSync(path.join(built, 'commands', `${word}.cjs`));
}

/** What oclif is asked for: help by its long flag alone, and none on a word that is no command, which it would answer its own way. */
function sayPlainly(words) {
  if (!words.some(isHelp)) return words;
  const command = words.find((word) => !word.startsWith('-'));
  if (command === undefined) return ['--help'];
  return isCommand(command) ? [command, '--help'] : words.filter((word) => !isHelp(word));
}

async function complain(error) {
  if (error?.skipOclifErrorHandling === true) process.exit(error.oclif?.exit ?? 1);
  // There may be no file left to open for a part of the program.
  if (error?.code === 'EMFILE' || error?.code === 'ENFILE') {
    console.error(`Cannot start pixgate: too many files are open (${error.code}).\nTry this: ulimit -n 1024`);
    process.exitCode = 6;
    return;
  }
  await loadHandler(error)(error);
}

function loadHandler(error) {
  try {
    return require('../dist/cli/start.cjs').handle;
  } catch {
    throw error;
  }
}
