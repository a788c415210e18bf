import type { Change } from './plan.js';

/** One thing of an environment, and how it stands against the config. */
export interface StatusThing {
  /** 'bucket/images', 'api', 'stage'. */
  readonly address: string;
  /** Human name of the thing: bucket name, API name, role name. */
  readonly label: string;
  /**
   * 'present': it is ours. 'adopted': it is used and not ours. 'missing': the config wants it. 'refused': it cannot be
   * used, such as somebody else's thing of its name; the detail says why. 'stray': it is ours, and no mount uses it.
   */
  readonly state: 'present' | 'adopted' | 'missing' | 'refused' | 'stray';
  /** What else there is to know, in a few words; absent when nothing is. */
  readonly detail?: string;
  /** AWS's id or ARN, where the label does not tell it. */
  readonly id?: string;
  /** How many images we sent, by our own list of them; only of objects. */
  readonly images?: number;
  /** Size of these images; only of objects. */
  readonly bytes?: number;
  /** When it was made: ISO 8601, in UTC; absent when AWS does not tell. */
  readonly createdAt?: string;
  /** Every field that differs from the config; empty when nothing does, and of what is missing or refused. */
  readonly drift: readonly Change[];
  /** The command that repairs it; absent when nothing differs. */
  readonly fix?: string;
}

/** How an environment stands: what exists, what it costs, and what differs from the config. */
export interface Status {
  readonly target: 'aws' | 'local';
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly stage: string;
  /** Whether anything of it exists. */
  readonly exists: boolean;
  /** When its oldest thing was made: ISO 8601, in UTC; absent when nothing tells. */
  readonly createdAt?: string;
  /** Who made it, by its tags; absent when they do not tell. */
  readonly createdBy?: string;
  /** When its lease ends: ISO 8601; absent when it has none. */
  readonly expiresAt?: string;
  /** What it costs now while nobody uses it, in US dollars an hour; 0 without a cache cluster. */
  readonly usdPerHour: number;
  /** Base URL of the stage, without a trailing slash; absent before `wire`. */
  readonly url?: string;
  /**
   * What the stage shows of the API. 'current': all of it. 'edited': the API has edits that wait for a deployment.
   * 'unknown': a deployment that pixgate did not make, and nobody can read it back. 'none': there is no stage.
   */
  readonly deployment: 'current' | 'edited' | 'unknown' | 'none';
  /** In the order in which they are made. */
  readonly things: readonly StatusThing[];
  /** Files of the folders that cannot be served, each with its reason, all of them; absent when there are none. */
  readonly refused?: readonly { readonly file: string; readonly reason: string }[];
  /** How many things are missing, refused or differ. */
  readonly drifted: number;
  /** Sentences a person should read: folders that could not be compared, logs that are missing for want of a role. */
  readonly notices: readonly string[];
  /** Mounts whose images are not compared with their files, since these cannot be read; a notice says why. @default 0 */
  readonly unread?: number;
}
