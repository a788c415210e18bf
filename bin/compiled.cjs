'use strict';
// To parse the bundle is a third of a start: what V8 made of it is kept, on Node 20 beside it, from Node 22 on where Node itself
// keeps it.
const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const { cachedDataVersionTag, setFlagsFromString } = require('node:v8');
const { Script } = require('node:vm');
const { crc32 } = require('node:zlib');

const WRAP = ['(function (exports, require, module, __filename, __dirname) {', '\n})'];
const PRETENURING = 'allocation-site-pretenuring';
let depth = 0;

/** Has the scripts in `folder` load with what V8 made of them in an earlier run. They must be called by their content. */
function keepCompiled(folder) {
  // What is kept at the end says which flags it was made under.
  process.on('exit', () => setFlagsFromString(`--${PRETENURING}`));
  const plainly = Module._extensions['.js'];
  const { NODE_DISABLE_COMPILE_CACHE, NODE_V8_COVERAGE } = process.env;
  const isOurs = Module.enableCompileCache === undefined && !NODE_DISABLE_COMPILE_CACHE && !NODE_V8_COVERAGE;
  const load = isOurs ? loadKept(path.join(folder, 'compiled')) : plainly;
  Module.enableCompileCache?.();
  Module._extensions['.cjs'] = (module, filename) => {
    if (path.dirname(filename) === folder) withFlagsOfStart(() => load(module, filename));
    else plainly(module, filename);
  };
}

/**
 * V8 takes it from one page of images that their records live long, and piles up all that follow: twice the memory. It is told
 * not to, but not while it loads: it compiles anew what was kept under other flags, and of Node's own modules as well.
 */
function withFlagsOfStart(load) {
  depth += 1;
  setFlagsFromString(`--${PRETENURING}`);
  try {
    load();
  } finally {
    depth -= 1;
    if (depth === 0) setFlagsFromString(`--no-${PRETENURING}`);
  }
}

/** Loads scripts with what is kept of them, and keeps at the end of the run what was missing. */
function loadKept(compiled) {
  const kept = path.join(compiled, nameOfNode());
  const missing = new Map();
  process.on('exit', () => {
    if (missing.size === 0 || !mayWrite(path.dirname(compiled))) return;
    for (const [file, script] of missing) keep(file, script);
  });
  return (module, filename) => {
    const file = path.join(kept, `${path.basename(filename)}.bin`);
    const cachedData = readKept(file);
    const script = new Script(WRAP.join(fs.readFileSync(filename, 'utf8')), { filename, cachedData });
    if (cachedData === undefined || script.cachedDataRejected) missing.set(file, script);
    const { exports } = module;
    const require = Module.createRequire(filename);
    script.runInThisContext().call(exports, exports, require, module, filename, path.dirname(filename));
  };
}

/**
 * Tells apart what V8 itself does not: what it makes leans on the very file of Node that it ran in, and a run under another one
 * of the same V8 ends with a crash. The tag tells processors and V8's flags apart.
 */
function nameOfNode() {
  const { size, mtimeMs } = fs.statSync(process.execPath);
  return [process.version, process.arch, cachedDataVersionTag(), size, Math.trunc(mtimeMs)].join('-');
}

/** What is kept in a file, behind its checksum, which V8 does not look for; undefined when it is not there or damaged. */
function readKept(file) {
  try {
    const kept = fs.readFileSync(file);
    const data = kept.subarray(4);
    return kept.readUInt32LE(0) === crc32(data) ? data : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the folder is there and of whoever runs this: root would leave behind what its owner cannot delete. */
function mayWrite(folder) {
  try {
    return process.getuid === undefined || fs.statSync(folder).uid === process.getuid();
  } catch {
    return false;
  }
}

/** The file is whole or not there, however many processes write it. A folder that takes no writes costs a run its parsing alone. */
function keep(file, script) {
  const draft = `${file}.${process.pid}`;
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    // Opened first: what goes in takes V8 longer to make.
    const open = fs.openSync(draft, 'w');
    try {
      const data = script.createCachedData();
      const sum = Buffer.alloc(4);
      sum.writeUInt32LE(crc32(data));
      fs.writeFileSync(open, Buffer.concat([sum, data]));
    } finally {
      fs.closeSync(open);
    }
    fs.renameSync(draft, file);
  } catch {
    try {
      fs.rmSync(draft, { force: true });
    } catch {} // There is no such folder.
  }
}

module.exports = { keepCompiled };
