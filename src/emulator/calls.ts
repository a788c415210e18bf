/** One request that the local cloud answered. */
export interface CallRecord {
  /** Number of the call in this emulator, from 1. */
  readonly n: number;
  /** Name in signatures: 's3', 'apigateway', 'iam', 'lambda', 'sts', 'logs', 'cognito-idp'; 'execute-api' for a finished API. */
  readonly service: string;
  /** AWS's name of the operation; 'Invoke' for a finished API; undefined when the request fits none or was refused unseen. */
  readonly operation: string | undefined;
  /** Whether the operation is one that can change the account. */
  readonly mutating: boolean;
  /** HTTP status of the answer. */
  readonly status: number;
  /** Region of the signature or the host. */
  readonly region: string;
}
