import { access, constants, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { UsageError } from '../errors.js';
import type { Report } from '../model/check.js';
import { cannotWrite } from './cannot-write.js';

/** Files to write, as flags name them. */
export interface ReportFiles {
  /** One HTML page. */
  readonly report?: string | undefined;
  /** JUnit XML. */
  readonly junit?: string | undefined;
}

/** The report writers of the library. */
export interface ReportWriters {
  /** Gives one self-contained HTML page. */
  renderHtmlReport(report: Report): string;
  /** Gives JUnit XML. */
  renderJunit(report: Report): string;
}

/**
 * Makes sure, before anything is checked, that the files can be written.
 *
 * @throws {UsageError} when a folder is missing or read-only, or both are one file
 */
export async function requireReportFolders(files: ReportFiles): Promise<void> {
  for (const [flag, file] of Object.entries({ report: files.report, junit: files.junit })) {
    if (file === undefined) continue;
    if (file === '') throw new UsageError(`--${flag} must be the name of a file: got "".`);
    await requireWritable(resolve(file)).catch((cause: unknown) => {
      throw cannotWrite(file, cause, 'REPORT_UNWRITABLE');
    });
  }
  if (files.report === undefined || files.junit === undefined || resolve(files.report) !== resolve(files.junit)) return;
  throw new UsageError(`--junit must be another file than --report: got ${JSON.stringify(files.junit)}.`);
}

/** Throws what the system would answer to whoever wrote there. */
async function requireWritable(path: string): Promise<void> {
  if (!(await stat(dirname(path))).isDirectory()) throw Object.assign(new Error(path), { code: 'ENOTDIR' });
  await access(dirname(path), constants.W_OK);
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) throw Object.assign(new Error(path), { code: 'EISDIR' });
}

/**
 * Writes the files that were asked for, each whole or not at all, and gives their absolute paths.
 *
 * @throws {UsageError} when a file cannot be written
 * @throws {LedgerError} when the disk is full; what lay there before is still there
 */
export async function writeReportFiles(report: Report, files: ReportFiles, writers: ReportWriters): Promise<string[]> {
  const written: string[] = [];
  for (const [file, render] of [
    [files.report, writers.renderHtmlReport],
    [files.junit, writers.renderJunit],
  ] as const) {
    if (file === undefined) continue;
    const path = resolve(file);
    await writeReport(path, render(report)).catch((cause: unknown) => {
      throw cannotWrite(file, cause, 'REPORT_UNWRITABLE');
    });
    written.push(path);
  }
  return written;
}

async function writeReport(path: string, text: string): Promise<void> {
  const place = await realpath(path).catch(() => path);
  const found = await stat(place).catch(() => undefined);
  // A pipe or a terminal stays what it is.
  if (found?.isFile() === false) return writeFile(place, text);
  const draft = `${place}.${process.pid}.draft`;
  try {
    await writeFile(draft, text);
    await rename(draft, place);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => {});
    throw error;
  }
}
