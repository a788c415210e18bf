import type { Evidence } from './evidence.js';
import type { Diagnosis, Symptom } from './symptom.js';
import { ACCESS_SYMPTOMS } from './symptoms/access.js';
import { CONTENT_SYMPTOMS, DRIFTED } from './symptoms/content.js';
import { GATEWAY_SYMPTOMS } from './symptoms/gateway.js';
import { STORAGE_SYMPTOMS } from './symptoms/storage.js';

/** Every known way to fail, the more telling before the more general; the last one always shows. */
export const SYMPTOMS: readonly Symptom[] = [
  ...ACCESS_SYMPTOMS,
  ...GATEWAY_SYMPTOMS,
  ...STORAGE_SYMPTOMS,
  ...CONTENT_SYMPTOMS,
  DRIFTED,
];

/** Names the cause of a failure: the first symptom that the evidence shows. */
export function diagnose(evidence: Evidence): Diagnosis {
  const symptom = SYMPTOMS.find((symptom) => symptom.shows(evidence)) ?? DRIFTED;
  const say = (text: Symptom['cause']) => (typeof text === 'string' ? text : text(evidence));
  return { cause: say(symptom.cause), fix: say(symptom.fix) };
}
