import type { AwsAccess } from '../aws/access.js';
import type { Clock } from '../clock.js';

/** One request to the finished API. The path is sent as it stands: nothing is normalised, no header is added but Host. */
export interface ApiRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What the finished API answers. Header names are lower case; redirects are not followed. */
export interface ApiAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** Where a stage is. */
export interface StagePlace {
  readonly apiId: string;
  readonly region: string;
  readonly partition: string;
  readonly stage: string;
}

/** What differs between the world and the local cloud, and nothing else may. */
export interface Target {
  readonly name: 'aws' | 'local';
  /** Transport, credentials and endpoint of every AWS client. */
  readonly access: AwsAccess;
  readonly clock: Clock;
  /** Calls the finished API, over a fresh connection. */
  ask(request: ApiRequest): Promise<ApiAnswer>;
  /** Of the local cloud: has a JavaScript module stand for a Lambda function. Absent where functions are real. */
  readonly putFunction?: (stand: { readonly functionArn: string; readonly file: string }) => void;
  /** Address of a stage, without a trailing slash. */
  stageUrl(place: StagePlace): string;
  close(): Promise<void>;
}
