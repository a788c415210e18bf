/** Who signs a request, by name; their rights stand in RIGHTS and in the test. */
export type Signer =
  | 'reader'
  | 'reader, in a session'
  | 'reader, in a session that is over'
  | 'reader, with another secret'
  | 'reader, with the id in lower case'
  | 'nobody knows'
  | 'nobody knows, with the secret of the reader'
  | 'root of a foreign account'
  | 'a role without rights'
  | 'a user without rights, in a session'
  | keyof typeof RIGHTS;

/** One request to an API with an iam mount. */
export interface AccessRow {
  /** In what it is not right, or why it is. */
  readonly what: string;
  /** Who signs it. @default nobody */
  readonly by?: Signer;
  /** @default 'GET' */
  readonly verb?: string;
  /** Raw path. @default an image of the iam mount */
  readonly path?: string;
  /** Raw query. @default none */
  readonly query?: string;
  /** Headers beside those of the signature, which covers them. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What the signature is for, where it is another than the request that is sent. */
  readonly signed?: {
    readonly host?: string;
    readonly method?: string;
    readonly path?: string;
    readonly query?: string;
    readonly region?: string;
    readonly service?: string;
    readonly body?: Uint8Array;
    /** Whether X-Amz-Content-Sha256 is sent. */
    readonly withHash?: boolean;
  };
  /** How long ago it was signed, in milliseconds; negative for later. @default 0 */
  readonly ageMs?: number;
  /** A body to send. */
  readonly body?: Uint8Array;
  /** Headers put in place of the signed ones; '' takes them away. */
  readonly swapped?: Readonly<Record<string, string>>;
  /** What is replaced in the Authorization header. */
  readonly edit?: readonly [RegExp, string];
  /** Whether the reader's rights are taken away before it is sent. */
  readonly withdrawn?: true;
  /** Whether anybody asks leave to ask across origins before it is sent. */
  readonly preflight?: true;
}

const INVOKE = 'execute-api:Invoke';
const MINE = 'arn:aws:execute-api:eu-west-1:{account}:{api}';

/** What users may do besides reading the mount: by name, the statements of their policy as effect, action, resource. */
export const RIGHTS = {
  'a user without rights': [],
  'one who may read another API': [['Allow', INVOKE, 'arn:aws:execute-api:eu-west-1:{account}:{elsewhere}/*']],
  'one who may read another stage': [['Allow', INVOKE, `${MINE}/prod/GET/private/*`]],
  'one who may use another verb': [['Allow', INVOKE, `${MINE}/dev/POST/private/*`]],
  'one who may read another mount': [['Allow', INVOKE, `${MINE}/dev/GET/images/*`]],
  'one who may read another image': [['Allow', INVOKE, `${MINE}/dev/GET/private/dunes.jpg`]],
  'one who may read a mount of that beginning': [['Allow', INVOKE, `${MINE}/dev/GET/private`]],
  'one who may read it in another Region': [['Allow', INVOKE, 'arn:aws:execute-api:us-east-1:{account}:{api}/*']],
  'one who may read it in another account': [['Allow', INVOKE, 'arn:aws:execute-api:eu-west-1:111122223333:{api}/*']],
  'one who may only empty the cache': [['Allow', 'execute-api:InvalidateCache', '*']],
  'one who may only manage': [['Allow', 'apigateway:*', '*']],
  'one who may read the bucket': [['Allow', 's3:*', '*']],
  'one who may everything but this': [
    ['Allow', '*', '*'],
    ['Deny', INVOKE, `${MINE}/*/private/*`],
  ],
  'an administrator of a foreign account': [['Allow', '*', '*']],
} as const;
