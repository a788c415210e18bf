import type { Evidence } from '../evidence.js';
import type { Symptom } from '../symptom.js';
import { backendStatus, failed, failedWithLog, wants } from './clues.js';

const WIRE = 'pixgate wire';

/** Failures inside API Gateway, told by its execution log. */
export const GATEWAY_SYMPTOMS: readonly Symptom[] = [
  {
    name: 'role cannot be assumed',
    shows: failedWithLog(/does not have permission to assume/i),
    cause:
      'API Gateway may not assume the role of the mount: its trust policy names another principal than apigateway.amazonaws.com, or has an aws:SourceAccount or aws:SourceArn condition, which API Gateway does not fill in here.',
    fix: WIRE,
  },
  {
    name: 'greedy placeholder in the uri',
    shows: failedWithLog(/Illegal character in path[^\n]*\{[^}]*\+\}/),
    cause: 'The uri of the integration holds {key+} where {key} belongs.',
    fix: WIRE,
  },
  {
    name: 'placeholder not mapped',
    shows: failedWithLog(/Illegal character in path/),
    cause:
      'The uri of the integration holds a placeholder that no request parameter fills: the path parameter is not mapped.',
    fix: WIRE,
  },
  {
    name: 'illegal request header',
    shows: failedWithLog(/header already present/i),
    cause: (evidence) =>
      `The integration maps the header ${inLog(evidence, /([\w-]+) header already present/i)} into the request, which API Gateway sets itself.`,
    fix: WIRE,
  },
  {
    name: 'no integration response',
    shows: failedWithLog(/No match for output mapping/),
    cause: (evidence) =>
      `No integration response takes S3's status ${inLog(evidence, /Endpoint Response Status Code: (\d+)/)}, and there is no default one.`,
    fix: WIRE,
  },
  {
    name: 'no method response',
    shows: failedWithLog(/invalid method response/i),
    cause: 'An integration response has no method response of the same status.',
    fix: WIRE,
  },
  {
    name: 'preflight not text',
    shows: (evidence) =>
      failed(evidence) && (evidence.request.method === 'OPTIONS' || /Unable to transform request/.test(evidence.log)),
    cause:
      'The request template cannot read a body that counts as binary: the OPTIONS integration lacks CONVERT_TO_TEXT while the binary media types hold */*.',
    fix: WIRE,
  },
  {
    name: 'response not convertible',
    shows: failedWithLog(/Unable to transform response/),
    cause:
      'API Gateway cannot convert the answer: CONVERT_TO_BINARY meets a type that is not among the binary media types, or a template meets a binary body.',
    fix: WIRE,
  },
  {
    name: 'bad endpoint',
    shows: failedWithLog(/Invalid endpoint address/),
    cause: 'The uri of the integration is not one that API Gateway can call.',
    fix: WIRE,
  },
  {
    name: 'timed out',
    shows: (evidence) => evidence.answer.status === 504 || failedWithLog(/timed out/i)(evidence),
    cause: 'S3 did not answer within the time-out of the integration.',
    fix: 'try again; a larger time-out needs pixgate wire',
  },
  {
    name: 'too large',
    shows: (evidence) =>
      (failed(evidence) || evidence.answer.status === 413) && (evidence.image?.sizeBytes ?? 0) > 10_485_760,
    cause: 'The image is larger than the 10 MB that API Gateway lets through.',
    fix: 'make the image smaller, then pixgate upload',
  },
  {
    name: 'bucket in another region',
    shows: (evidence) => failed(evidence) && /^30[17]$/.test(backendStatus(evidence) ?? ''),
    cause: 'S3 redirects: the uri of the integration names another Region than the bucket is in.',
    fix: WIRE,
  },
  {
    name: 'S3 unavailable',
    shows: (evidence) => failed(evidence) && /^5/.test(backendStatus(evidence) ?? ''),
    cause: (evidence) => `S3 itself answered ${backendStatus(evidence)}.`,
    fix: 'try again in a minute',
  },
  {
    name: 'undeployed repair',
    shows: (evidence) => failed(evidence) && typeof evidence.draft === 'number' && wants(evidence, evidence.draft),
    cause: 'The API answers as it should in its undeployed draft only: the last changes are not deployed.',
    fix: WIRE,
  },
  {
    name: 'unexpected answer of S3',
    shows: (evidence) => failed(evidence) && evidence.answer.status !== 500 && backendStatus(evidence) !== undefined,
    cause: (evidence) => `S3 answered ${backendStatus(evidence)}, which no integration response of the method takes.`,
    fix: WIRE,
  },
  {
    name: 'unexplained failure',
    shows: failed,
    cause: 'API Gateway or S3 failed, and no execution log says why.',
    fix: 'set logs.level to error in pixgate.yaml, then pixgate wire and pixgate test',
  },
];

function inLog({ log }: Evidence, pattern: RegExp): string {
  return pattern.exec(log)?.[1] ?? 'in question';
}
