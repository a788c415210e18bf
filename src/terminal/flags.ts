import * as Flags from '@oclif/core/flags';

// No flag carries a default or a variable of its own: config/ resolves flag, environment, file and default in one place.

/** Puts flags under a heading of their own in help, below those of the job. */
export function grouped<Group extends Readonly<Record<string, object>>>(helpGroup: string, flags: Group): Group {
  return Object.fromEntries(Object.entries(flags).map(([name, flag]) => [name, { ...flag, helpGroup }])) as Group;
}

/** The flags that mean the same on every command. */
export const globalFlags = {
  yes: Flags.boolean({ char: 'y', summary: 'Approve the plan without a question.', helpGroup: 'GLOBAL' }),
  config: Flags.string({ summary: 'Config file (default pixgate.yaml).', helpValue: 'FILE', helpGroup: 'GLOBAL' }),
  target: Flags.string({
    summary: 'AWS or the local cloud, .pixgate/local (default aws).',
    helpValue: 'aws|local',
    helpGroup: 'GLOBAL',
  }),
  'endpoint-url': Flags.string({
    summary: 'Endpoint for all of AWS, such as a `pixgate local`.',
    helpValue: 'URL',
    helpGroup: 'GLOBAL',
  }),
  profile: Flags.string({ summary: 'Profile of the AWS config files.', helpValue: 'NAME', helpGroup: 'GLOBAL' }),
  region: Flags.string({ summary: 'AWS Region.', helpValue: 'REGION', helpGroup: 'GLOBAL' }),
  stage: Flags.string({ summary: 'Stage of the API (default dev).', helpValue: 'NAME', helpGroup: 'GLOBAL' }),
  json: Flags.boolean({ summary: 'Print exactly one JSON document on stdout.', helpGroup: 'GLOBAL' }),
  quiet: Flags.boolean({ summary: 'Print results and no progress.', helpGroup: 'GLOBAL' }),
  verbose: Flags.boolean({ summary: 'Print every change, every step and stacks.', helpGroup: 'GLOBAL' }),
  'no-color': Flags.boolean({ summary: 'Print without colour.', helpGroup: 'GLOBAL' }),
};

/** Which environment is meant, where the file should not decide. */
export const nameFlag = {
  name: Flags.string({ summary: 'Root of all names: [a-z0-9-], 2 to 32.', helpValue: 'NAME' }),
};

// These are questions to one run and never part of a file, so oclif may read their variables.

/** Shows what would be done and stops. */
export const planFlag = {
  plan: Flags.boolean({ summary: 'Print the plan and stop; changes nothing.', env: 'PIXGATE_PLAN' }),
};

/** Has the cache forget what an upload changed. */
export const invalidateFlag = {
  invalidate: Flags.boolean({
    summary: "Expire what changed in the stage's cache.",
    env: 'PIXGATE_INVALIDATE',
  }),
};

/** How long the environment lasts, where something is made. */
export const expiresFlag = {
  expires: Flags.string({
    summary: 'Time until teardown --expired takes it.',
    helpValue: '2h|7d|never',
  }),
};

/** What upload can be told beside the file. */
export const uploadFlags = {
  source: Flags.string({ summary: 'Folder with the images.', helpValue: 'FOLDER' }),
  concurrency: Flags.string({ summary: 'Sent at once, 1 to 256 (default 256).', helpValue: 'COUNT' }),
};

/** What wire can be told beside the file. */
export const wireFlags = {
  endpoint: Flags.string({ summary: 'Kind of endpoint (default regional).', helpValue: 'regional|edge' }),
  'cache-size': Flags.string({ summary: 'Stage cache: 0.5, 1.6, 6.1 …; billed by the hour.', helpValue: 'GB' }),
  'cache-ttl': Flags.string({ summary: 'Seconds of caching, 1 to 3600 (default 300).', helpValue: 'SECONDS' }),
  'log-level': Flags.string({ summary: 'Execution log (default error).', helpValue: 'off|error|info' }),
  'access-log': Flags.boolean({ summary: 'Write an access log (default yes).', allowNo: true }),
  'no-logs': Flags.boolean({ summary: "No logs: the account's logging role is untouched." }),
  'log-retention': Flags.string({ summary: 'Days logs are kept (default 30).', helpValue: 'DAYS' }),
  'throttle-rate': Flags.string({ summary: 'Requests a second (default 500).', helpValue: 'RATE' }),
  'throttle-burst': Flags.string({ summary: 'Requests at once (default 1000).', helpValue: 'BURST' }),
  cors: Flags.string({ summary: "May embed: '*', one origin or none (default *).", helpValue: 'ORIGIN' }),
  tracing: Flags.boolean({ summary: 'Trace with X-Ray (default no).', allowNo: true }),
};

/** Everything that makes a config, for init and up. */
export const configFlags = {
  source: uploadFlags.source,
  access: Flags.string({
    summary: 'Who may see the images; no default.',
    helpValue: 'public|iam|api-key|cognito',
  }),
  ...nameFlag,
  ...expiresFlag,
  concurrency: uploadFlags.concurrency,
  ...grouped('CONFIG', {
    mount: Flags.string({ summary: 'Path the images are served at (default /images).', helpValue: 'PATH' }),
    bucket: Flags.string({ summary: 'Name of the bucket (default: pixgate chooses).', helpValue: 'NAME' }),
    'create-bucket': Flags.boolean({
      summary: 'Make the bucket (default yes), or it must exist.',
      allowNo: true,
      env: 'PIXGATE_CREATE_BUCKET',
    }),
    prefix: Flags.string({ summary: 'Beginning of the keys (default: the mount).', helpValue: 'PREFIX' }),
    versioning: Flags.boolean({ summary: 'Keep old versions of objects (default no).', allowNo: true }),
    tag: Flags.string({ summary: 'Tag on everything that is made.', helpValue: 'KEY=VALUE', multiple: true }),
    ...wireFlags,
  }),
};

/** Where the local cloud listens. */
export const portFlag = {
  port: Flags.string({
    summary: 'Port to listen on, 1 to 65535 (default 4510, or PIXGATE_LOCAL_PORT).',
    helpValue: 'PORT',
    env: 'PIXGATE_LOCAL_PORT',
  }),
};

/** What a run of checks can be told. */
export const testFlags = {
  sample: Flags.string({
    summary: 'Check at most this many images of each mount.',
    helpValue: 'COUNT',
    env: 'PIXGATE_SAMPLE',
  }),
  'make-credentials': Flags.boolean({
    summary: 'Make an API key and a user for the run, and remove them.',
    env: 'PIXGATE_MAKE_CREDENTIALS',
  }),
  report: Flags.string({ summary: 'Write one self-contained HTML page.', helpValue: 'FILE', env: 'PIXGATE_REPORT' }),
  junit: Flags.string({ summary: 'Write JUnit XML.', helpValue: 'FILE', env: 'PIXGATE_JUNIT' }),
};
