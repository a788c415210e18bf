import { findNearest } from './nearest.js';

/** Regions of all public partitions in 2026; a new one passes by its shape. @see https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html */
const KNOWN_REGIONS: readonly string[] = [
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
  'af-south-1',
  'ap-east-1',
  'ap-east-2',
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-northeast-3',
  'ap-south-1',
  'ap-south-2',
  'ap-southeast-1',
  'ap-southeast-2',
  'ap-southeast-3',
  'ap-southeast-4',
  'ap-southeast-5',
  'ap-southeast-6',
  'ap-southeast-7',
  'ca-central-1',
  'ca-west-1',
  'eu-central-1',
  'eu-central-2',
  'eu-north-1',
  'eu-south-1',
  'eu-south-2',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'il-central-1',
  'me-central-1',
  'me-south-1',
  'mx-central-1',
  'sa-east-1',
  'cn-north-1',
  'cn-northwest-1',
  'us-gov-east-1',
  'us-gov-west-1',
  'eusc-de-east-1',
];

const SHAPE = /^[a-z]{2}(-[a-z]+)+-\d$/;

/**
 * Judges the name of an AWS Region: true, or the rule it breaks.
 *
 * A name nobody knows yet passes when it has the shape of one, unless it is within two typing errors of a known one:
 * a request to a Region that does not exist would otherwise only fail as an unknown host.
 */
export function checkRegion(text: string): true | string {
  if (KNOWN_REGIONS.includes(text)) return true;
  const meant = findNearest(text, KNOWN_REGIONS, 2);
  if (meant !== undefined) return `must be an AWS Region (did you mean ${meant}?)`;
  return SHAPE.test(text) && text.length <= 32 ? true : 'must be an AWS Region such as eu-west-1';
}
