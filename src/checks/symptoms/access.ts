import type { Symptom } from '../symptom.js';
import { bodyText, gatewayMessage, isUnrouted, wants } from './clues.js';

const WIRE = 'pixgate wire';

/** Answers that never reached a method of the API. */
export const ACCESS_SYMPTOMS: readonly Symptom[] = [
  {
    name: 'unreachable',
    shows: ({ answer }) => answer.status === 0,
    cause: (evidence) => `The gateway cannot be reached: ${bodyText(evidence)}.`,
    fix: 'check the network and the URL; pixgate wire makes a gateway that is gone',
  },
  {
    name: 'throttled',
    shows: ({ answer }) => answer.status === 429,
    cause: 'The stage or a usage plan throttles the requests, even after several pauses.',
    fix: 'raise throttle.rate and throttle.burst in pixgate.yaml, then pixgate wire',
  },
  {
    name: 'stranger let in',
    shows: ({ answer, request }) => request.visitor?.admitted === false && answer.status < 400,
    cause: ({ request, route }) =>
      `The deployed API lets in who may not see the image: the authorization of ${request.method} ${route} or the resource policy is not the drawn one.`,
    fix: WIRE,
  },
  {
    name: 'write accepted',
    shows: (evidence) =>
      /^(PUT|POST|DELETE|PATCH)$/.test(evidence.request.method) &&
      evidence.answer.headers['x-amzn-errortype'] === undefined &&
      !isUnrouted(evidence),
    cause: ({ request }) => `The API takes ${request.method} requests, which nobody drew.`,
    fix: WIRE,
  },
  {
    name: 'gateway response not customised',
    shows: (evidence) => isUnrouted(evidence) && evidence.route === undefined,
    cause:
      "The gateway response MISSING_AUTHENTICATION_TOKEN is not the drawn one: API Gateway's own comes back, or the customised one is not deployed.",
    fix: WIRE,
  },
  {
    name: 'no such method',
    shows: ({ draft }) => draft === 'absent',
    cause: ({ request, route }) => `The API has no ${request.method} method on ${route}.`,
    fix: WIRE,
  },
  {
    name: 'method not deployed',
    shows: (evidence) => isUnrouted(evidence) && !wants(evidence, evidence.answer.status),
    cause: ({ request, route }) =>
      `The deployed API has no ${request.method} method on ${route ?? request.path} that takes unsigned requests: it is missing, not deployed, or asks for a signature.`,
    fix: WIRE,
  },
  {
    name: 'stage missing or key required',
    shows: (evidence) => evidence.answer.status === 403 && gatewayMessage(evidence) === 'Forbidden',
    cause: 'API Gateway refuses before the method runs: the stage does not exist, or the method requires an API key.',
    fix: WIRE,
  },
  {
    name: 'not allowed to see',
    shows: ({ answer, guarded }) =>
      guarded === true &&
      answer.status === 403 &&
      /^(AccessDenied|UnrecognizedClient|InvalidSignature)/.test(answer.headers['x-amzn-errortype'] ?? ''),
    cause: 'The credentials of this run may not see the images: no policy of theirs allows execute-api:Invoke here.',
    fix: 'attach the policy that pixgate access prints, or use another profile: pixgate test --profile NAME',
  },
  {
    name: 'credentials required',
    shows: (evidence) =>
      (evidence.answer.status === 401 || evidence.answer.status === 403) &&
      /^(Unauthorized|AccessDenied)/.test(evidence.answer.headers['x-amzn-errortype'] ?? ''),
    cause: 'The method asks for credentials, or a resource policy of the API denies the request.',
    fix: WIRE,
  },
];
