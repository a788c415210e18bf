import type { Answer, CheckGroup } from '../model/check.js';
import type { Check, Finding } from './check.js';
import { describeAnswer, describeExpectation, type Expectation, mismatches } from './expectation.js';
import { explain, type Subject } from './explain.js';
import { describeRequest, type Inspection } from './inspection.js';

/** A check that is one request and its answer. */
export interface HttpQuestion extends Subject {
  /** Stable within one configuration. */
  readonly id: string;
  /** The family it is shown in. */
  readonly group: CheckGroup;
  /** One sentence that is true when the check passes. */
  readonly title: string;
  /** What must come back. */
  readonly expected: Expectation;
}

/** Makes a check of a question. */
export function httpCheck(inspection: Inspection, question: HttpQuestion): Check {
  const { id, group, title } = question;
  return {
    id,
    group,
    title,
    run: async () => judge(inspection, question, question.expected, await inspection.fetch(question.request)),
  };
}

/** Compares an answer with what was due, and explains it when it is not that. */
export async function judge(
  inspection: Inspection,
  subject: Subject,
  expected: Expectation,
  answer: Answer,
): Promise<Finding> {
  const wrong = mismatches(expected, answer);
  const said = {
    asked: describeRequest(inspection.ask.stage, subject.request),
    expected: describeExpectation(expected),
    got: [describeAnswer(answer), ...wrong].join('; '),
  };
  if (wrong.length === 0) return { ...said, status: 'passed' };
  return { ...said, status: 'failed', ...(await explain(inspection, subject, expected, answer)) };
}
