'use strict';
// To parse the bundle is a third of a start: what V8 made of it is kept beside it.
const { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const { cachedDataVersionTag, setFlagsFromString } = require('node:v8');
const { Script } = require('node:vm');

const WRAP = ['(function (exports, require, module, __filename, __dirname) {', '\n})'];
let depth = 0;

/**
 * Has the scripts in `folder` load with what V8 made of them in an earlier run, and writes at the end of this one what was
 * missing. They must be called by their content: V8 itself sees no more of another script than that its length differs.
 * A folder that takes no writes costs a run the parsing, and nothing else.
 */
function keepCompiled(folder) {
  // The tag tells versions of V8, its flags and processors apart.
  const kept = path.join(folder, 'compiled', `${process.arch}-${cachedDataVersionTag()}`);
  const missing = new Map();
  const load = Module._extensions['.js'];
  Module._extensions['.cjs'] = (module, filename) => {
    if (path.dirname(filename) !== folder) return load(module, filename);
    const file = path.join(kept, `${path.basename(filename)}.bin`);
    withFlagsOfStart(() => {
      const cachedData = readIfThere(file);
      const script = new Script(WRAP.join(readFileSync(filename, 'utf8')), { filename, cachedData });
      if (cachedData === undefined || script.cachedDataRejected) missing.set(file, script);
      const { exports } = module;
      script.runInThisContext().call(exports, exports, Module.createRequire(filename), module, filename, folder);
    });
  };
  process.on('exit', () => {
    withFlagsOfStart(() => {
      for (const [file, script] of missing) keep(file, script);
    });
  });
}

/**
 * V8 takes it from one page of images that their records live long, and piles up all that follow: twice the memory. It is told
 * not to, but not while it loads: it compiles anew what was kept under other flags, and of Node's own modules as well.
 */
function withFlagsOfStart(load) {
  depth += 1;
  setFlagsFromString('--allocation-site-pretenuring');
  try {
    load();
  } finally {
    depth -= 1;
    if (depth === 0) setFlagsFromString('--no-allocation-site-pretenuring');
  }
}

function readIfThere(file) {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/** The file is whole or not there, however many processes write it. */
function keep(file, script) {
  const draft = `${file}.${process.pid}`;
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(draft, script.createCachedData());
    renameSync(draft, file);
  } catch {
    try {
      rmSync(draft, { force: true });
    } catch {} // There is no such folder.
  }
}

module.exports = { keepCompiled };
