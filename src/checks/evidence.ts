import type { Answer, UploadedImage } from '../model/check.js';
import type { Expectation } from './expectation.js';
import type { Request } from './inspection.js';

/** Everything known about an answer that is not as it must be. */
export interface Evidence {
  /** What was asked. */
  readonly request: Request;
  /** Path template of the route meant to answer; undefined when none is. */
  readonly route?: string;
  /** Set where the mount asked for is not open to everybody. */
  readonly guarded?: true;
  /** Which object was asked for; 'none' when the request is not about one. */
  readonly object: 'existing' | 'missing' | 'none';
  /** The image asked for, as the manifest has it. */
  readonly image?: UploadedImage;
  /** What had to come back. */
  readonly expected: Expectation;
  /** What came back. */
  readonly answer: Answer;
  /** SHA-256 of the object in S3: undefined when nobody looked, 'gone' when it is not there. */
  readonly stored?: string;
  /** Served path of the other image that has the answered bytes. */
  readonly twin?: string;
  /** Execution log of the deployed API, else that of the console's Test; '' when there is neither. */
  readonly log: string;
  /** Status that the undeployed draft gives; undefined when nobody asked, 'absent' when it lacks the route. */
  readonly draft?: number | 'absent';
  /** Name of the error of a request that no route takes, as drawn. */
  readonly unroutedError?: string;
  /** Seconds that the stage cache keeps an answer; undefined without a cache. */
  readonly cacheTtlSeconds?: number;
}
