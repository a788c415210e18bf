import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Library } from './setup.js';
import type { Judge, WizardOptions } from './wizard.js';

/** How many entries of a folder are looked at before it is taken on trust. */
const LOOKED_AT = 2000;

const IMAGE = /\.(apng|avif|bmp|gif|heic|heif|ico|jfif|jpe?g|jxl|png|svg|tiff?|webp)$/i;

/** What answers are judged by. */
export interface JudgesAsk {
  /** Holds the rules. */
  readonly library: Library;
  /** The working folder. */
  readonly cwd: string;
  /** The Region, until another one is answered. */
  readonly region: string;
  /** Looks whether a bucket can be used: true, or a sentence. @default nobody looks */
  readonly lookAtBucket?: ((name: string, region: string) => Promise<true | string>) | undefined;
}

/**
 * Makes what judges each answer of the wizard. A folder without images, and a bucket that cannot be used as it is now, are
 * taken when they are answered twice.
 */
export function createJudges({ library, cwd, region, lookAtBucket }: JudgesAsk): WizardOptions['judges'] {
  let place = region;
  return {
    source: unlessTwice(
      (text) => library.validateSource(text, cwd),
      (text) => doubtFolder(resolve(cwd, text)),
    ),
    name: library.validateName,
    region(text) {
      const verdict = library.validateRegion(text);
      if (verdict === true) place = text;
      return verdict;
    },
    mount: library.validateMountPath,
    bucket: unlessTwice(
      (text) => (text === 'auto' ? 'Type the name of a bucket that exists.' : library.validateBucketName(text)),
      async (text) => {
        const verdict = await lookAtBucket?.(text, place);
        return verdict === true ? undefined : verdict;
      },
    ),
  };
}

/** Judges by a rule, and then by a doubt, which the same answer overcomes the second time. */
function unlessTwice(rule: Judge, doubt: (text: string) => Promise<string | undefined>): Judge {
  let doubted: string | undefined;
  return async (text) => {
    const verdict = await rule(text);
    if (verdict !== true || doubted === text) return verdict;
    const said = await doubt(text);
    if (said === undefined) return true;
    doubted = text;
    return `${said} Press Enter again to take it all the same.`;
  };
}

async function doubtFolder(folder: string): Promise<string | undefined> {
  let left = LOOKED_AT;
  const folders = [folder];
  for (const place of folders) {
    const entries = await readdir(place, { withFileTypes: true }).catch(() => undefined);
    if (entries === undefined) return place === folder ? 'This folder cannot be read.' : undefined;
    if (place === folder && entries.length === 0) return 'This folder is empty.';
    for (const entry of entries) {
      left -= 1;
      if (left < 0 || (!entry.isDirectory() && IMAGE.test(entry.name))) return undefined;
      if (entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules') {
        folders.push(join(place, entry.name));
      }
    }
  }
  return 'This folder holds no images.';
}
