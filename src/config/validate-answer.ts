import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { checkAnswer } from './overrides.js';

/** Judges a project's name as somebody types it: true, or a sentence that says what it must be. */
export function validateName(text: string): true | string {
  return toSentence('The name', checkAnswer('name', text));
}

/** Judges an AWS Region as somebody types it: true, or a sentence, with the Region that was probably meant. */
export function validateRegion(text: string): true | string {
  return toSentence('The Region', checkAnswer('region', text));
}

/** Judges a stage's name as somebody types it: true, or a sentence. */
export function validateStage(text: string): true | string {
  return toSentence('The stage', checkAnswer('stage', text));
}

/** Judges 'auto' or a bucket's name as somebody types it: true, or a sentence. */
export function validateBucketName(text: string): true | string {
  return toSentence('The bucket', checkAnswer('bucket', text));
}

/** Judges the path that images are served at as somebody types it: true, or a sentence. */
export function validateMountPath(text: string): true | string {
  return toSentence('The path', checkAnswer('mount', text));
}

/** Judges what keys begin with as somebody types it: true, or a sentence. */
export function validatePrefix(text: string): true | string {
  return toSentence('The prefix', checkAnswer('prefix', text));
}

/** Judges the origin that may read with scripts as somebody types it: true, or a sentence. */
export function validateOrigin(text: string): true | string {
  return toSentence('The origin', checkAnswer('cors', text));
}

/** Looks whether a folder of images is there: true, or a sentence. A relative one is looked for below `directory`. */
export async function validateSource(text: string, directory: string): Promise<true | string> {
  const verdict = checkAnswer('source', text);
  if (verdict !== true) return toSentence('The folder', verdict);
  const found = await stat(resolve(directory, text)).catch(() => undefined);
  if (found === undefined) return 'There is no such folder.';
  return found.isDirectory() || 'This is a file; a folder is needed.';
}

function toSentence(subject: string, verdict: true | string): true | string {
  return verdict === true || `${subject} ${verdict}.`;
}
