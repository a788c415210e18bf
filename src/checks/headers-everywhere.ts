import type { HeaderExpectation } from './expectation.js';
import type { ChecksAsk } from './inspection.js';

/**
 * The headers that no answer of a gateway of ours may lack, errors and 304 among them.
 *
 * Said here a second time, apart from the drawing, so that a drawing without them does not pass.
 */
export function headersEverywhere({ cors }: ChecksAsk): Readonly<Record<string, HeaderExpectation>> {
  return {
    'x-content-type-options': 'nosniff',
    'content-security-policy': true,
    ...(cors === undefined ? {} : { 'access-control-allow-origin': cors.origin }),
  };
}
