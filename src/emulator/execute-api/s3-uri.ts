import { configurationError, NotEmulated } from './gateway-failure.js';
import { encodeIllegal } from './percent-encoding.js';

/** Where an S3 integration sends a request, and as what. */
export interface S3Target {
  /** Region in the uri; may differ from the API's. */
  readonly region: string;
  /** Verb that the uri's action stands for; undefined for a path, which goes with the integration's verb. */
  readonly verb: string | undefined;
  /** Host name of S3 in that Region. */
  readonly host: string;
  /** Path-style path, percent-encoded. */
  readonly path: string;
  /** Raw query behind the path, '' when there is none. */
  readonly query: string;
}

const ACTION_VERBS: Readonly<Record<string, string>> = {
  GetObject: 'GET',
  HeadObject: 'HEAD',
  PutObject: 'PUT',
  DeleteObject: 'DELETE',
};

/**
 * Fills the placeholders of an integration uri and takes it apart.
 *
 * Values arrive decoded once. What a uri may not hold is encoded again, and `%` too, but an encoded `?` of the client has become a raw
 * one by now and ends the path: guessed, as the worst that AWS's documented decoding allows.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
 * @throws {GatewayFailure} API_CONFIGURATION_ERROR for a placeholder without value, such as `{key+}`.
 * @throws {NotEmulated} for any service but S3, and for actions that are not about one object.
 */
export function toS3Target(
  uri: string,
  values: Readonly<Record<string, string>>,
  stageVariables: Readonly<Record<string, string>>,
): S3Target {
  const match = /^arn:([^:]+):apigateway:([^:]+):([^:]+):(path|action)\/(.*)$/s.exec(uri);
  if (match === null) throw configurationError('Invalid endpoint address');
  const [, partition = '', region = '', service = '', kind, api = ''] = match;
  if (service !== 's3') throw new NotEmulated(`integration with ${service}`);
  const filled = api
    .replace(/\$\{stageVariables\.(\w+)\}/g, (whole, name: string) => stageVariables[name] ?? whole)
    .replace(/\{([^{}]+)\}/g, (whole, name: string) =>
      Object.hasOwn(values, name) ? encodeIllegal(values[name] ?? '') : whole,
    );
  const host = `s3.${region}.amazonaws.com${partition === 'aws-cn' ? '.cn' : ''}`;
  const { verb, address } = kind === 'action' ? fromAction(filled) : { verb: undefined, address: filled };
  refuseIllegal(`https://${host}/${address}`);
  const end = address.indexOf('?');
  const path = `/${end < 0 ? address : address.slice(0, end)}`;
  return { region, verb, host, path, query: end < 0 ? '' : address.slice(end + 1) };
}

function fromAction(filled: string): { verb: string; address: string } {
  const [action = '', ...pairs] = filled.split('&');
  const verb = ACTION_VERBS[action];
  if (verb === undefined) throw new NotEmulated(`integration with s3:action/${action}`);
  const value = (name: string): string =>
    pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1) ?? '';
  // Here the key is a parameter of its own, so a question mark in it separates nothing.
  return { verb, address: `${value('Bucket')}/${value('Key').replaceAll('?', '%3F')}` };
}

function refuseIllegal(url: string): void {
  const index = url.search(/[^A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]/);
  if (index >= 0) throw configurationError(`Illegal character in path at index ${index}: ${url}`);
}
