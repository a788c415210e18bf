/** How the images of a mount are called. */
export interface MountCalls {
  /** Path of the mount: '/images'. */
  readonly path: string;
  /** Kind of access, as the config has it. */
  readonly access: 'public' | 'iam' | 'api-key' | 'cognito' | 'lambda';
  /** Who gets in, in one sentence. */
  readonly who: string;
  /** Address of an image, or with the word IMAGE where the mount has none yet. */
  readonly url: string;
  /** Ready to paste; no secret is in them, they take it from the environment. */
  readonly calls: readonly {
    readonly by: 'curl' | 'browser' | 'sdk';
    readonly text: string;
  }[];
  /** Commands that give the secret, in the order in which they are run; absent where none is sent or pixgate cannot give it. */
  readonly secretFrom?: readonly string[];
  /** What must be attached to whoever is to call, as an IAM policy in JSON; of 'iam' only. */
  readonly policy?: string;
}

/** What `pixgate access` tells. */
export interface AccessResult {
  readonly target: 'aws' | 'local';
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly stage: string;
  /** Base URL of the stage, without a trailing slash. */
  readonly url: string;
  /** In the order of the config. */
  readonly mounts: readonly MountCalls[];
}

/** An API key of an environment, without its value. */
export interface KeyInfo {
  /** AWS's id of it. */
  readonly id: string;
  /** As it was given; of the key that wire makes 'default'. */
  readonly name: string;
  /** Whether it is switched on and in the usage plan. */
  readonly enabled: boolean;
  /** Whether a mount of the config asks for keys; without one, once that is wired, a key opens nothing. */
  readonly asked: boolean;
  /** ISO 8601. */
  readonly createdAt: string;
}

/** A user of the pool that pixgate made. */
export interface UserInfo {
  readonly username: string;
  /** AWS's word: 'FORCE_CHANGE_PASSWORD' until the first sign-in, then 'CONFIRMED'. */
  readonly status: string;
  /** Whether they may sign in. */
  readonly enabled: boolean;
  /** ISO 8601. */
  readonly createdAt: string;
}
