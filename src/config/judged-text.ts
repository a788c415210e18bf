import { z } from 'zod';

/** Text that `judge` finds good, with true, or else names the rule of; `rule` is the one that a value of another type breaks. */
export function judgedText(rule: string, judge: (text: string) => true | string) {
  return z.string(rule).superRefine((text, context) => {
    const verdict = judge(text);
    if (verdict !== true) context.addIssue(verdict);
  });
}
