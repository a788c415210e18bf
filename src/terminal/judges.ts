import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Library } from './setup.js';
import type { Judge, WizardOptions } from './wizard.js';

/** How many entries of a folder are looked at before it is taken on trust. */
const LOOKED_AT = 2000;

const IMAGE = /\.(apng|avif|bmp|gif|heic|heif|ico|jfif|jpe?g|jxl|png|svg|tiff?|webp)$/i;

/** Makes what judges each answer of the wizard. A folder without images is taken when it is answered twice. */
export function createJudges(library: Library, cwd: string): WizardOptions['judges'] {
  let doubted: string | undefined;
  const source: Judge = async (text) => {
    const verdict = await library.validateSource(text, cwd);
    if (verdict !== true || doubted === text) return verdict;
    const doubt = await doubtFolder(resolve(cwd, text));
    if (doubt === undefined) return true;
    doubted = text;
    return `${doubt} Press Enter again to take it all the same.`;
  };
  return {
    source,
    name: library.validateName,
    region: library.validateRegion,
    mount: library.validateMountPath,
    bucket: (text) => (text === 'auto' ? 'Type the name of a bucket that exists.' : library.validateBucketName(text)),
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
