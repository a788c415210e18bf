import type { MountAccess } from './config.js';

/** What a person answers, or gives by flag, to make a project with one mount. Whatever is left out takes its default. */
export interface ConfigAnswers {
  /** 2 to 32 of a-z, 0-9 and '-'. */
  readonly name: string;
  /** AWS Region: 'eu-west-1'. */
  readonly region: string;
  /** The folder of images as typed: absolute, or relative to the config file's folder. */
  readonly source: string;
  /** Must be said: with 'public' everybody who knows an address can read the image. */
  readonly access: Exclude<MountAccess['kind'], 'lambda'>;
  /** Name of the API's stage. @default 'dev' */
  readonly stage?: string;
  /** Kind of endpoint. @default 'regional' */
  readonly endpoint?: 'regional' | 'edge';
  /** The path the images are served at. @default '/images' */
  readonly mount?: string;
  /** 'auto' or the name of a bucket. @default 'auto' */
  readonly bucket?: string;
  /** false: the named bucket exists and is only used. @default true */
  readonly create?: boolean;
  /** What all keys begin with. @default the mount's path without its slash, and '/' */
  readonly prefix?: string;
  /** Old versions of objects are kept. @default false */
  readonly versioning?: boolean;
  /** Size of the stage cache in GB, or 'none'. @default 'none' */
  readonly cacheSizeGb?: number | 'none';
  /** How long an answer is cached, in seconds: 1 to 3600; needs a size. @default 300 */
  readonly cacheTtlSeconds?: number;
  /** Execution log. @default 'error' */
  readonly logLevel?: 'off' | 'error' | 'info';
  /** One line in the access log for each request. @default true */
  readonly accessLog?: boolean;
  /** true: neither log, whatever else is said of them. @default false */
  readonly noLogs?: boolean;
  /** Days that logs are kept. @default 30 */
  readonly logRetentionDays?: number;
  /** Requests a second. @default 500 */
  readonly throttleRate?: number;
  /** Requests at one moment. @default 1000 */
  readonly throttleBurst?: number;
  /** '*', one origin, or 'none'. @default '*' */
  readonly cors?: string;
  /** X-Ray traces. @default false */
  readonly tracing?: boolean;
  /** How many objects are sent at once: 1 to 64. @default 16 */
  readonly concurrency?: number;
  /** How long the environment lasts: '30m', '2h', '7d', or 'never'. @default 'never' */
  readonly expires?: string;
  /** Put on everything that is made. */
  readonly tags?: Readonly<Record<string, string>>;
}

/** What flags and environment say about a config: only what was given. */
export type Overrides = Partial<Omit<ConfigAnswers, 'create'>>;
