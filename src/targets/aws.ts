import { systemClock } from '../clock.js';
import { sendRequest } from './send-request.js';
import type { StagePlace, Target } from './target.js';

/** How AWS itself, or something that speaks like it, is reached. */
export interface AwsTargetOptions {
  readonly region: string;
  readonly profile?: string;
  /** Another endpoint for every service, such as a running `pixgate local`. */
  readonly endpointUrl?: string;
}

/** The door to AWS. */
export function openAwsTarget({ region, profile, endpointUrl }: AwsTargetOptions): Target {
  return {
    name: 'aws',
    access: {
      region,
      clock: systemClock,
      ...(profile === undefined ? {} : { profile }),
      ...(endpointUrl === undefined ? {} : { endpointUrl }),
    },
    clock: systemClock,
    ask: sendRequest,
    stageUrl: (place) => (endpointUrl === undefined ? executeApiUrl(place) : pathUrl(endpointUrl, place)),
    close: () => Promise.resolve(),
  };
}

/** Suffix of host names, by partition. */
const DNS_SUFFIX: Readonly<Record<string, string>> = { 'aws-cn': 'amazonaws.com.cn', 'aws-eusc': 'amazonaws.eu' };

function executeApiUrl({ apiId, region, partition, stage }: StagePlace): string {
  return `https://${apiId}.execute-api.${region}.${DNS_SUFFIX[partition] ?? 'amazonaws.com'}/${stage}`;
}

/** The form in which emulators of AWS serve an API without a host name of its own. */
export function pathUrl(endpointUrl: string, { apiId, stage }: StagePlace): string {
  return `${endpointUrl.replace(/\/+$/, '')}/_aws/execute-api/${apiId}/${stage}`;
}
