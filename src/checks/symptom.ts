import type { Evidence } from './evidence.js';

/** The probable cause of a failure and what to do about it. */
export interface Diagnosis {
  /** One sentence. */
  readonly cause: string;
  /** What to type or change. */
  readonly fix: string;
}

/** One known way to fail, recognised by what it looks like from outside. */
export interface Symptom {
  /** Stable name, for the tests. */
  readonly name: string;
  /** Whether the evidence shows it. */
  shows(evidence: Evidence): boolean;
  /** One sentence; a function where it quotes the evidence. */
  readonly cause: string | ((evidence: Evidence) => string);
  /** What to type or change. */
  readonly fix: string | ((evidence: Evidence) => string);
}
