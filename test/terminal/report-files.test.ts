import { mkdir, mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { requireReportFolders, writeReportFiles } from '../../src/terminal/report-files.js';
import { reportOf } from './report-of.js';

const writers = { renderHtmlReport: () => '<html>', renderJunit: () => '<testsuites/>' };

test('writeReportFiles() writes what was asked for and says where', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pixgate-'));
  const files = { report: join(folder, 'r.html'), junit: join(folder, 'j.xml') };

  const written = await writeReportFiles(reportOf([]), files, writers);

  expect(written).toEqual([files.report, files.junit]);
  expect(await readFile(files.report, 'utf8')).toBe('<html>');
  expect(await readFile(files.junit, 'utf8')).toBe('<testsuites/>');
});

test('writeReportFiles() complains of a name that is a folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pixgate-'));
  await mkdir(join(folder, 'r.html'));

  const act = writeReportFiles(reportOf([]), { report: join(folder, 'r.html') }, writers);

  await expect(act).rejects.toThrow('it is a folder');
});

test.each([
  ['/no/such/folder/r.html', 'Cannot write "/no/such/folder/r.html": there is no such folder.'],
  ['package.json/r.html', 'Cannot write "package.json/r.html": there is no such folder.'],
  ['test', 'Cannot write "test": it is a folder.'],
  ['', '--report must be the name of a file: got "".'],
])('requireReportFolders() refuses %j before anything is asked', async (report, message) => {
  const act = requireReportFolders({ report });

  await expect(act).rejects.toThrow(message);
});

test('requireReportFolders() refuses one file for both reports', async () => {
  const act = requireReportFolders({ report: 'r.html', junit: './r.html' });

  await expect(act).rejects.toThrow('--junit must be another file than --report: got "./r.html".');
});
