/** What is asked in words; the names are those of the flags. */
export type WizardQuestion = 'source' | 'name' | 'region' | 'mount' | 'bucket';

/** A question, and what somebody has to know to answer it. */
export interface Wording {
  /** The question, short enough for 40 columns. */
  readonly ask: string;
  /** What the choice means, risks and costs. */
  readonly why: string;
}

/** One of several answers. */
export interface Choice {
  /** In a few words. */
  readonly name: string;
  /** What the answer is for the config. */
  readonly value: string;
  /** What it means, risks and costs. */
  readonly description: string;
}

/** What somebody should know before the first question. */
export const OPENING = 'Esc leaves. Nothing is written or made before you approve the plan.';

/** Smallest cache cluster, in GB, and about what it costs an hour in US dollars. @see https://aws.amazon.com/api-gateway/pricing/ */
export const CACHE = { sizeGb: '0.5', usdPerHour: '0.02' };

/** Questions that are answered by typing. */
export const TYPED: Readonly<Record<WizardQuestion, Wording>> = {
  source: {
    ask: 'Which folder of images?',
    why: 'Its images are copied to the bucket; the folder itself is never changed.',
  },
  name: {
    ask: 'What is this project called?',
    why: 'a-z, 0-9 and "-": the root of every name that is made. Another name later is another environment.',
  },
  region: {
    ask: 'In which AWS Region?',
    why: 'Near your visitors, images come sooner; prices differ a little. Another Region later is another environment.',
  },
  mount: {
    ask: 'Under which path?',
    why: 'Part of every address: with /images, cat.jpg is served as /images/cat.jpg.',
  },
  bucket: {
    ask: 'What is the bucket called?',
    why: 'It must be yours and exist; nothing in it but our own images is ever changed.',
  },
};

/** How a question is put on either target. */
type OnEither<Question> = Readonly<Record<'aws' | 'local', Question>>;

const BUCKETS: readonly Choice[] = [
  { name: 'a new one', value: 'new', description: 'Private, named and hardened for you; teardown removes it.' },
  { name: 'one that exists', value: 'existing', description: 'Audited and used; its settings are never changed.' },
];

/** Where the images are kept. */
export const BUCKET: OnEither<Wording & { readonly choices: readonly Choice[] }> = {
  aws: { ask: 'Which bucket?', why: 'S3 bills what a bucket holds, about $0.02 a GB a month.', choices: BUCKETS },
  local: { ask: 'Which bucket?', why: 'It lies in the local cloud, on this machine.', choices: BUCKETS },
};

/** Whether answers are cached. */
export const CACHING: OnEither<Wording> = {
  aws: {
    ask: 'Cache answers in API Gateway?',
    why: `Cached images come faster and spare S3. It costs about $${CACHE.usdPerHour} an hour for ${CACHE.sizeGb} GB, used or not, until you tear it down.`,
  },
  local: {
    ask: 'Cache answers in API Gateway?',
    why: 'The local cloud keeps answers for as long as AWS would, so that you see what a cache does.',
  },
};

const KINDS: readonly Choice[] = [
  {
    name: 'signed requests, no browser (iam)',
    value: 'iam',
    description: 'Programs that sign with AWS credentials. A browser cannot show the images by itself.',
  },
  {
    name: 'everybody (public)',
    value: 'public',
    description: 'Every browser and program that knows or guesses an address.',
  },
  {
    name: 'holders of a key, no browser (api-key)',
    value: 'api-key',
    description: 'Programs with a key, which counts their calls; whoever has the key gets in.',
  },
  {
    name: 'people who sign in (cognito)',
    value: 'cognito',
    description:
      'Users of a pool that pixgate makes. A page has to sign them in before it can show the images; an address alone shows none.',
  },
];

/** Who may see the images. On AWS, what opens them to the world is chosen, never merely entered past, so it is not first. */
export const ACCESS: OnEither<Wording & { readonly choices: readonly Choice[] }> = {
  aws: {
    ask: 'Who may see the images?',
    why: 'You pay for every request, whoever sends it; Cognito bills beyond a free number of users.',
    choices: KINDS,
  },
  local: {
    ask: 'Who may see the images?',
    why: 'The local cloud answers this machine alone. The same file on AWS with public opens them to the world.',
    choices: KINDS,
  },
};
