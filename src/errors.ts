/** What every complaint of pixgate can carry beside its sentence. */
export interface ComplaintOptions {
  /** Stable SCREAMING_SNAKE name of the condition, for scripts. */
  readonly code?: string;
  /** What to type or do next, one line each. */
  readonly suggestions?: readonly string[];
  /** A page that explains more. */
  readonly ref?: string;
  /** What led here. */
  readonly cause?: unknown;
}

/** The parent of all complaints: one sentence, the value seen, what to type next. */
export abstract class PixgateError extends Error {
  /** Stable SCREAMING_SNAKE name of the condition. */
  readonly code: string;
  /** What to type or do next, one line each; empty when there is nothing to suggest. */
  readonly suggestions: string[];
  /** A page that explains more. */
  readonly ref?: string;

  constructor(fallbackCode: string, message: string, options: ComplaintOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = options.code ?? fallbackCode;
    this.suggestions = [...(options.suggestions ?? [])];
    if (options.ref !== undefined) this.ref = options.ref;
  }
}

/** The person typing must act: a flag or argument is missing or wrong. */
export class UsageError extends PixgateError {
  constructor(message: string, options: ComplaintOptions = {}) {
    super('USAGE', message, options);
  }
}

/** Where in the config file something is wrong. */
export interface ConfigPlace {
  /** Path of the file as the person gave it. */
  readonly file: string;
  /** 1-based; absent when the fault has no line, such as a missing file. */
  readonly line?: number;
  /** 1-based. */
  readonly column?: number;
  /** Dotted path: `mounts[0].bucket.name`. */
  readonly field?: string;
  /** The rule that is broken, in words. */
  readonly rule?: string;
  /** The value seen, as JSON. */
  readonly value?: string;
}

/** The person editing the config file must act. */
export class ConfigError extends UsageError {
  /** File, line, column, field, rule and value. */
  readonly place: ConfigPlace;

  constructor(message: string, place: ConfigPlace, options: ComplaintOptions = {}) {
    super(message, { code: 'CONFIG', ...options });
    this.place = place;
  }
}

/** The person deciding must act: going on could hurt something that is not ours, or that nobody approved. */
export class RefusedError extends PixgateError {
  constructor(message: string, options: ComplaintOptions = {}) {
    super('REFUSED', message, options);
  }
}

/** What is known of a failed AWS call. */
export interface AwsFailure {
  /** 'S3', 'API Gateway', 'IAM', 'STS', 'CloudWatch Logs', 'Cognito'. */
  readonly service: string;
  /** AWS's name of the operation: 'CreateStage'. */
  readonly operation: string;
  /** AWS's error code: 'TooManyRequestsException'; 'Unknown' when AWS gave none. */
  readonly awsCode: string;
  /** HTTP status; absent when no answer came. */
  readonly status?: number;
  readonly requestId?: string;
  /** How often the call was sent. */
  readonly attempts?: number;
}

/** The account owner must act: AWS answered with an error, or did not answer. */
export class AwsError extends PixgateError {
  /** Service, operation, AWS's code, status, request id and tries. */
  readonly failure: AwsFailure;

  constructor(message: string, failure: AwsFailure, options: ComplaintOptions = {}) {
    super('AWS', message, options);
    this.failure = failure;
  }
}

/** Nobody must act yet: something takes longer than the wait allows, and running again goes on. */
export class WaitError extends PixgateError {
  constructor(message: string, options: ComplaintOptions = {}) {
    super('WAIT', message, options);
  }
}

/** The person with two terminals must act: the ledger is locked, unreadable or of another account. */
export class LedgerError extends PixgateError {
  constructor(message: string, options: ComplaintOptions = {}) {
    super('LEDGER', message, options);
  }
}

/** Whoever changed the API must act: checks failed. */
export class ChecksFailedError extends PixgateError {
  /** How many checks failed. */
  readonly failed: number;
  /** How many checks ran. */
  readonly total: number;

  constructor(message: string, counts: { failed: number; total: number }, options: ComplaintOptions = {}) {
    super('CHECKS_FAILED', message, options);
    this.failed = counts.failed;
    this.total = counts.total;
  }
}

/** Nobody must act: the person said no, or pressed Ctrl-C. */
export class CancelledError extends PixgateError {
  constructor(message: string, options: ComplaintOptions = {}) {
    super('CANCELLED', message, options);
  }
}

/** A complaint in a JSON document. */
export interface ErrorDocument {
  /** Stable SCREAMING_SNAKE name of the condition; 'BUG' for what nobody foresaw. */
  readonly code: string;
  /** One sentence that names the value seen. */
  readonly message: string;
  /** What to type or do next, one line each; empty when there is nothing to suggest. */
  readonly suggestions: readonly string[];
  /** A page that explains more. */
  readonly ref?: string;
  /** Where in the config file something is wrong; only of a fault in it. */
  readonly place?: ConfigPlace;
  /** The AWS call that failed; only of such a failure. */
  readonly failure?: AwsFailure;
  /** How many checks failed; only where checks did. */
  readonly failed?: number;
  /** How many checks ran; only where checks failed. */
  readonly total?: number;
  /** Files that cannot be served, each with its reason; only where nothing of a folder can be. */
  readonly refused?: readonly { readonly file: string; readonly reason: string }[];
  /** Path of the mount whose bucket cannot have an account-regional name; only of that refusal. */
  readonly mount?: string;
  /** The Region that has no such names; only of that refusal. */
  readonly region?: string;
  /** Where in pixgate it happened; only with `--verbose`. */
  readonly stack?: string;
}
