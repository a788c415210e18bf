import { readFile } from 'node:fs/promises';
import { PixgateError } from '../errors.js';
import type { Config } from '../index.js';
import type { Library, Setup } from './setup.js';

/** A bucket that cannot have an account-regional name, and can have a global one. */
export interface NamespaceRefusal {
  /** Path of its mount: '/images'. */
  readonly mount: string;
  /** Region that has no such names. */
  readonly region: string;
  /** What to ask the person; yes takes a global name. */
  readonly question: string;
}

/** Finds out which bucket an error says that it needs a global name; undefined for every other error. */
export function findNamespaceRefusal(error: unknown): NamespaceRefusal | undefined {
  if (!(error instanceof PixgateError) || error.code !== 'NAMESPACE_NOT_AVAILABLE') return undefined;
  const { mount, region } = error as { mount?: unknown; region?: unknown };
  if (typeof mount !== 'string' || typeof region !== 'string') return undefined;
  const risk = 'someone else could take it after teardown';
  return {
    mount,
    region,
    question: `The Region ${region} has no account-regional bucket names. Use a global name for ${mount} (${risk})?`,
  };
}

/** Has a refusal name what to write where no config file is there that could be changed. */
export function tellWithoutFile(error: PixgateError): void {
  const refusal = findNamespaceRefusal(error);
  if (refusal === undefined) return;
  error.suggestions.splice(
    0,
    error.suggestions.length,
    `write a pixgate.yaml, and in it at mount ${refusal.mount}:  bucket: { namespace: global }`,
    'choose the name yourself: add --bucket NAME',
  );
}

/** What takes a global name, and where that is said. */
export interface GlobalNameAsk {
  /** What renders configs. */
  readonly library: Pick<Library, 'renderConfig'>;
  /** Config that has the mount. */
  readonly config: Config;
  /** Path of the mount. */
  readonly mount: string;
  /** The config file, absolute. */
  readonly path: string;
  /** Its text where it is not written yet. */
  readonly draft: Setup['draft'] | undefined;
}

/**
 * Gives the config file's text and the config, both with a global name for the bucket of a mount. Writes nothing.
 *
 * @throws {ConfigError} when the text cannot be changed in one place
 */
export async function takeGlobalName(ask: GlobalNameAsk): Promise<{ text: string; config: Config }> {
  const { library, config, path, draft } = ask;
  const before = draft?.text ?? (await readFile(path, 'utf8'));
  const index = config.mounts.findIndex((mount) => mount.path === ask.mount);
  const text = library.renderConfig({ text: before, file: path, mount: index });
  const mounts = config.mounts.map((mount, at) =>
    at === index ? { ...mount, bucket: { ...mount.bucket, namespace: 'global' as const } } : mount,
  );
  return { text, config: { ...config, mounts } };
}
