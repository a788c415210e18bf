import { AwsError } from '../errors.js';
import type { Fact, Probe } from '../model/check.js';
import { type Check, type Finding, foregone } from './check.js';

/** One check for each control that is read back from AWS; a single inconclusive one where AWS does not let us read. */
export async function hardeningChecks(probe: Probe): Promise<readonly Check[]> {
  try {
    const facts = await probe.facts();
    return facts.map((fact) => foregone(`hardening/${fact.id}`, 'hardening', fact.title, judge(fact)));
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const [fix] = error.suggestions;
    const finding = { status: 'inconclusive', got: error.message, ...(fix === undefined ? {} : { fix }) } as const;
    return [foregone('hardening', 'hardening', 'The settings can be read back from AWS.', finding)];
  }
}

function judge({ holds, seen, fix, excuse }: Fact): Finding {
  if (holds) return { status: 'passed', got: seen };
  if (excuse !== undefined) return { status: 'inconclusive', got: excuse, fix };
  return { status: 'failed', got: seen, cause: `AWS has another setting: ${seen}.`, fix };
}
