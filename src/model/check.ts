/** Which family a check belongs to, in the order they are shown. */
export type CheckGroup = 'bytes' | 'replies' | 'auth' | 'cache' | 'hardening' | 'logs';

/** The outcome of one check. 'inconclusive' counts as neither passed nor failed. */
export type CheckStatus = 'passed' | 'failed' | 'inconclusive' | 'skipped';

/** What one check asked and what came back. */
export interface CheckResult {
  /** Stable within one configuration: 'replies/GET /images/{key+}/404'. */
  readonly id: string;
  readonly group: CheckGroup;
  /** One sentence that is true when the check passes. */
  readonly title: string;
  readonly status: CheckStatus;
  /** What was asked: 'GET /dev/images/cat.png  Accept: text/html'. */
  readonly asked?: string;
  /** What must come back. */
  readonly expected?: string;
  /** What came back. */
  readonly got?: string;
  /** The probable cause of a failure, in one sentence. */
  readonly cause?: string;
  /** What to type or change. */
  readonly fix?: string;
  /** Time taken, in milliseconds. */
  readonly tookMs: number;
}

/** One timed request, for the latency charts. */
export interface Sample {
  readonly path: string;
  /** Whether the answer is believed to have come from the stage cache. */
  readonly cached: boolean;
  /** Milliseconds from sending to the last byte. */
  readonly ms: number;
}

/** A thumbnail-sized copy of an image as the gateway served it. */
export interface ServedImage {
  readonly path: string;
  readonly contentType: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  /** The bytes as base64, or undefined when the image is too large for the report (over 300,000 bytes). */
  readonly base64?: string;
}

/** Everything `pixgate test` found out. */
export interface Report {
  readonly target: 'aws' | 'local';
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly stage: string;
  readonly url: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly tookMs: number;
  readonly passed: number;
  readonly failed: number;
  readonly inconclusive: number;
  readonly skipped: number;
  readonly results: readonly CheckResult[];
  readonly samples: readonly Sample[];
  readonly images: readonly ServedImage[];
}

/** One HTTP answer as a check sees it. Header names are lower case. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Milliseconds from sending to the last byte. */
  readonly ms: number;
}

/** One image that an upload left in a mount. */
export interface UploadedImage {
  /** Key below the mount's prefix: 'cats/a b.png'. */
  readonly key: string;
  readonly sizeBytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
  readonly contentType: string;
  /** Stored headers by name as sent: Cache-Control and the like. */
  readonly headers: Readonly<Record<string, string>>;
}

/** How the check of a TestInvokeMethod call comes back. */
export interface TestInvocation {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The execution log as text. */
  readonly log: string;
}

/** One fact read back from AWS, such as a hardening control. */
export interface Fact {
  /** Stable: 'bucket/images/public-access-block'. */
  readonly id: string;
  /** One sentence that is true when the control holds. */
  readonly title: string;
  readonly holds: boolean;
  /** What AWS has. */
  readonly seen: string;
  /** What to do when it does not hold. */
  readonly fix: string;
  /** Why it could not be brought about: then nobody's change is to blame, and the check is inconclusive; absent otherwise. */
  readonly excuse?: string;
}

/** One who asks for the images of a mount that is not public: one who must get in, or one who must stay out. */
export interface Visitor {
  /** Stable: 'signed', 'other-path'. */
  readonly id: string;
  /** One sentence about the mount at `path` that is true when the visitor is treated as is due. */
  readonly title: string;
  readonly admitted: boolean;
  /** Why this one may be kept out although it is one of the right kind: 'the mount asks for MFA'; absent when it must get in. */
  readonly doubt?: string;
  /** Gives the headers to send: those of the request, and the visitor's credentials. */
  dress(request: {
    readonly method: string;
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
  }): Promise<Readonly<Record<string, string>>>;
}

/** How a check looks at the world. Nothing here changes anything, but for the entries of a cache. */
export interface Probe {
  /** Base URL of the stage, without a trailing slash. */
  readonly url: string;
  now(): number;
  sleep(ms: number): Promise<void>;
  /** Sends one request to the served API. `path` is the raw path behind the stage, percent-encoded, beginning with '/'. Redirects are not followed. */
  ask(request: { method: string; path: string; headers?: Readonly<Record<string, string>> }): Promise<Answer>;
  /** Who may ask for the images of a mount and who may not, those who may first; empty where everybody may. */
  visitors(mount: string): readonly Visitor[];
  /** What the last upload left in a mount; undefined when there is no manifest. */
  uploaded(mount: string): Promise<readonly UploadedImage[] | undefined>;
  /** The object straight from S3; undefined when it is not there. */
  object(mount: string, key: string): Promise<Uint8Array | undefined>;
  /** The console's Test button; undefined when the route does not exist. Reads the undeployed draft. */
  testInvoke(request: {
    method: string;
    route: string;
    path: string;
    headers?: Readonly<Record<string, string>>;
  }): Promise<TestInvocation | undefined>;
  /** Every control that is read back from AWS: bucket hardening, role policy, stage settings, drift of the API from its drawing, undeployed edits. */
  facts(): Promise<readonly Fact[]>;
  /** Lines of the access log since `sinceMs`, parsed from JSON; undefined when the stage writes none. */
  accessLog(sinceMs: number): Promise<readonly Readonly<Record<string, string>>[] | undefined>;
  /** Why the stage writes no logs although the config asks for them: wire had to go on without; undefined otherwise. */
  whyNoLogs(): Promise<string | undefined>;
  /** Lines of the execution log since `sinceMs` that hold `text`; empty when execution logs are off. */
  executionLog(sinceMs: number, text?: string): Promise<readonly string[]>;
}
