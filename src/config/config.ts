/** How a bucket is found or made. */
export interface BucketConfig {
  /** 'auto' has pixgate choose `pixgate-{name}-{stage}-{mount}-{hash}`, in the namespace that `namespace` says. */
  readonly name: string;
  /** true: pixgate makes and owns it; false: it exists and is only used. @default true */
  readonly create: boolean;
  /** Keys begin with this; '' must be written out, else it is `{mount}/`. Ends in '/' unless ''. */
  readonly prefix: string;
  /** Old versions of objects are kept; they are billed like objects. @default false */
  readonly versioning: boolean;
  /**
   * Images are sent through S3 Transfer Acceleration where that is faster, billed by the gigabyte. A made bucket is given
   * it; of a bucket that is only used it is taken where the bucket has it. Readers never go through it. @default false
   */
  readonly acceleration?: boolean;
  /** AWS Region of the bucket: 'us-east-1'. @default the API's */
  readonly region?: string;
  /**
   * How objects are encrypted: with S3's own keys, or with one KMS key, given by its ARN in the bucket's Region. Of a
   * bucket that is only used it tells which key its images need. @default 'aes256'
   */
  readonly encryption?: 'aes256' | { readonly kms: string };
  /**
   * Whose a made bucket's name is: this account's and Region's alone, or whoever's takes it first.
   *
   * A loaded config writes it out where the end of the name asks for the other one.
   *
   * @default 'account-regional' for 'auto', else 'global'
   */
  readonly namespace?: 'account-regional' | 'global';
}

/** Headers stored on the objects that a glob matches. */
export interface UploadRule {
  /** A glob on the key below the prefix, such as `**` + `/*.svg`; special are `**`, `*`, `?` and `{a,b}`. */
  readonly match: string;
  /** Cache-Control, Content-Disposition, Content-Language, Expires; user metadata as `x-amz-meta-{name}`, which S3 keeps and nobody is sent. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Who may read a mount's images. */
export type MountAccess =
  /** Everybody who knows an address. */
  { readonly kind: 'public' } | IamAccess | ApiKeyAccess | CognitoAccess | LambdaAccess;

/**
 * Callers who sign with AWS credentials and may `execute-api:Invoke` the mount's path.
 *
 * Without lists: those of the API's own account whose policies allow it. With `accounts` or `roles`: nobody but them, and
 * their own policies must allow it too.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
 */
export interface IamAccess {
  readonly kind: 'iam';
  /** Numbers of the accounts whose callers get in: twelve digits each. @default the API's own */
  readonly accounts?: readonly string[];
  /** ARNs of the roles that get in; `*` stands for any characters in the part behind 'role/'. @default any */
  readonly roles?: readonly string[];
  /** Addresses that callers must come from: '203.0.113.7', '203.0.113.0/24' or '2001:db8::/32'. @default any */
  readonly sourceIps?: readonly string[];
  /**
   * Only sessions of GetSessionToken that began with MFA get in. Long-lived keys, and sessions of roles, of IAM Identity
   * Center, of federations and of services never say so, and stay out.
   *
   * @default 'none'
   */
  readonly mfa?: 'required' | 'none';
}

/**
 * Callers who send an API key in `x-api-key`. Keys tell callers apart and meter them; they are no proof of who calls.
 *
 * AWS: a key in a plan of a stage opens every method of that stage that wants one, so all such mounts say the same.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html
 */
export interface ApiKeyAccess {
  readonly kind: 'api-key';
  /** Requests a second and at one moment, for each key. @default 100 and 200 */
  readonly throttle: { readonly rate: number; readonly burst: number };
  /** Requests that each key has in each period, which begins at midnight UTC, on Sunday, or on the first of the month. @default no limit */
  readonly quota?: { readonly limit: number; readonly per: 'day' | 'week' | 'month' };
}

/**
 * Callers who signed in to a user pool and send its token in `Authorization`.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-integrate-with-cognito.html
 */
export interface CognitoAccess {
  readonly kind: 'cognito';
  /** A pool that exists, by its ARN. Absent: pixgate makes one for the environment, which all such mounts share. */
  readonly userPoolArn?: string;
  /** Of a pool that exists: access tokens with any of these get in, and no ID tokens. Absent: ID tokens. */
  readonly scopes?: readonly string[];
  /** Whether users of the pool that pixgate makes must show a code of an authenticator. @default 'optional' */
  readonly mfa?: 'required' | 'optional' | 'none';
}

/**
 * Callers whom a Lambda function lets in.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html
 */
export interface LambdaAccess {
  readonly kind: 'lambda';
  /** A function that exists, by its ARN without a version. */
  readonly functionArn: string;
  /** What the function is asked with: one token, or the request. */
  readonly type: 'token' | 'request';
  /** Request headers that tell who calls; without one of them the function is not asked. Of 'token' exactly one. @default ['Authorization'] */
  readonly identityHeaders: readonly string[];
  /** How long its policy is kept for the same values of those headers, in seconds: 0 (not at all) to 3600. @default 300 */
  readonly ttlSeconds: number;
  /** Absolute path of a JavaScript module that stands for the function in the local cloud. Absent: there it cannot be called. */
  readonly local?: string;
}

/** One folder of images and the path it is served at. */
export interface MountConfig {
  /** Without slashes: 'images'. Part of addresses and of made names. */
  readonly id: string;
  /** '/images'; served at '/images/{key+}'. One segment. */
  readonly path: string;
  /** Where the images are kept. */
  readonly bucket: BucketConfig;
  /** Absolute path of the folder that upload reads; need not exist. */
  readonly source: string;
  /** Who may read. */
  readonly access: MountAccess;
  /** How long this mount's answers stay in the cache, in seconds: 0 (never) to 3600. Absent: as long as the stage says. */
  readonly cache?: { readonly ttlSeconds: number };
  /** This mount's own requests a second and burst. Absent: the stage's. */
  readonly throttle?: { readonly rate?: number; readonly burst?: number };
  /** Fixed on every answer of the mount, by header name. */
  readonly headers: Readonly<Record<string, string>>;
  /** Globs on the key below the prefix: files that none of them matches are passed over. @default everything */
  readonly include?: readonly string[];
  /** Globs on the key below the prefix: files that one of them matches are passed over. @default none */
  readonly exclude?: readonly string[];
  /** What becomes of an SVG that holds a script, a link to elsewhere or other active parts. @default 'warn' */
  readonly svg?: 'allow' | 'warn' | 'refuse';
  /** Which links to files are followed: those that stay in the folder, or also those to files outside. @default 'inside' */
  readonly links?: 'inside' | 'follow';
  /** In the order they are written. @default Cache-Control of five minutes on everything, `private` unless the mount is public */
  readonly upload: readonly UploadRule[];
}

/** Everything a project is configured to be: parsed once, frozen, plain. */
export interface Config {
  /** Version of the file's format. */
  readonly version: 1;
  /** 2 to 32 of a-z, 0-9 and '-': the root of every made name. @default the folder's name */
  readonly name: string;
  /** AWS Region: 'eu-west-1'. */
  readonly region: string;
  /** Name of the API's stage, 1 to 128 characters. @default 'dev' */
  readonly stage: string;
  /** Kind of endpoint that serves the API. @default 'regional' */
  readonly endpoint: 'regional' | 'edge';
  /**
   * TLS policy of the API: 'SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09'; one that ends in '_EDGE' for 'edge', and only for it.
   *
   * It is chosen when the API is made. Absent: AWS chooses, and what an API has is left alone.
   *
   * @see https://docs.aws.amazon.com/apigateway/latest/api/API_CreateRestApi.html
   */
  readonly securityPolicy?: string;
  /** Absent: no cache cluster, since it is billed by the hour. */
  readonly cache?: {
    /** One of 0.5, 1.6, 6.1, 13.5, 28.4, 58.2, 118, 237. */
    readonly sizeGb: number;
    /** How long an answer is kept, in seconds: 1 to 3600. @default 300 */
    readonly ttlSeconds: number;
    /** What becomes of a visitor's `Cache-Control: max-age=0`, which browsers send on every reload. Neither evicts. @default 'ignore' */
    readonly reload?: 'ignore' | 'forbid';
  };
  /** What is logged, and for how long it is kept. */
  readonly logs: {
    /** Execution log. @default 'error' */
    readonly level: 'off' | 'error' | 'info';
    /** One line for each request. @default true */
    readonly access: boolean;
    /** Days, one of the values CloudWatch Logs allows. @default 30 */
    readonly retentionDays: number;
  };
  /** Requests a second and burst, for the whole stage. One page asks for all of its images at once. @default 500 and 1000 */
  readonly throttle: { readonly rate: number; readonly burst: number };
  /** Absent: no CORS headers and no OPTIONS. @default origin '*' */
  readonly cors?: { readonly origin: string };
  /** X-Ray traces of the stage. @default false */
  readonly tracing: boolean;
  /** CloudWatch metrics of each method, without which those of two APIs of one name are mixed. @default true */
  readonly metrics?: boolean;
  /** Put on everything that is made, beside our own. At most 40. */
  readonly tags: Readonly<Record<string, string>>;
  /** How long an environment lasts from when it is made: '30m', '2h', '7d'; one that exists keeps its end. Absent: for good. */
  readonly expires?: string;
  /** What this run was told of the end of the environment, counted from now: '2h', or 'never'. Absent: nothing. */
  readonly renewal?: string;
  /** At least one. */
  readonly mounts: readonly MountConfig[];
  /** How many objects are sent at once, at most: 1 to 256. @default 256 */
  readonly concurrency: number;
  /** Flags and variables that say other than the file, as they are typed: '--cache-size'. @default none */
  readonly overrides?: readonly string[];
  /** Path of the config file, absolute; undefined when it comes from flags alone. */
  readonly file?: string;
  /** The project's folder, absolute: the config file's, else the working one. State lies in `.pixgate/` below it. */
  readonly directory: string;
}
