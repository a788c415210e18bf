import { AwsError } from '../errors.js';
import type { Probe } from '../model/check.js';
import { type Check, foregone } from './check.js';

/** One check for each control that is read back from AWS; a single inconclusive one where AWS does not let us read. */
export async function hardeningChecks(probe: Probe): Promise<readonly Check[]> {
  try {
    const facts = await probe.facts();
    return facts.map(({ id, title, holds, seen, fix }) =>
      foregone(`hardening/${id}`, 'hardening', title, {
        status: holds ? 'passed' : 'failed',
        got: seen,
        ...(holds ? {} : { cause: `AWS has another setting: ${seen}.`, fix }),
      }),
    );
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const [fix] = error.suggestions;
    const finding = { status: 'inconclusive', got: error.message, ...(fix === undefined ? {} : { fix }) } as const;
    return [foregone('hardening', 'hardening', 'The settings can be read back from AWS.', finding)];
  }
}
