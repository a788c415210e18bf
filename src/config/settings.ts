import { UsageError } from '../errors.js';
import { type Given, type Inputs, readInput } from './input.js';
import { quoteValue } from './quote-value.js';

/** How one run behaves and which cloud it talks to: nothing of it is ever read from the config file. */
export interface Settings {
  /** @default 'aws' */
  readonly target: 'aws' | 'local';
  /** Another endpoint for every AWS service, without a trailing slash. */
  readonly endpointUrl?: string;
  /** The variable of AWS's tools that names the endpoint; absent where a flag or its twin does. */
  readonly endpointFrom?: 'AWS_ENDPOINT_URL';
  /** Profile of the AWS config files. */
  readonly profile?: string;
  /** Results as one JSON document. @default false */
  readonly json: boolean;
  /** Plans are applied without a question. @default false */
  readonly yes: boolean;
  /** Only results and errors are printed. @default false */
  readonly quiet: boolean;
  /** Every call is printed. @default false */
  readonly verbose: boolean;
  /** false when `--no-color`, PIXGATE_NO_COLOR or NO_COLOR forbids it. @default true @see https://no-color.org */
  readonly color: boolean;
  /** Port that `pixgate local` serves on: 1 to 65535. @default 4510 */
  readonly localPort: number;
}

/**
 * Reads the settings of a run: a flag, else its twin `PIXGATE_…`, else AWS_ENDPOINT_URL, AWS_PROFILE and NO_COLOR, else the default.
 *
 * @throws {UsageError} naming the flag or variable, the rule and the value.
 */
export function loadSettings(ask: Inputs): Settings {
  const endpoint = readEndpoint(ask);
  const profile = readProfile(ask);
  const target = readTarget(ask);
  const elsewhere = target === 'local' ? readInput(ask, 'endpoint-url') : undefined;
  if (elsewhere !== undefined) {
    throw new UsageError(
      `${elsewhere.origin} must not be given for the local target: got ${quoteValue(endpoint.endpointUrl)}.`,
      {
        suggestions: ['leave one of the two out'],
      },
    );
  }
  return Object.freeze({
    target,
    ...endpoint,
    ...(profile === undefined ? {} : { profile }),
    json: readSwitch(ask, 'json'),
    yes: readSwitch(ask, 'yes'),
    quiet: readSwitch(ask, 'quiet'),
    verbose: readSwitch(ask, 'verbose'),
    color: readColor(ask),
    localPort: readPort(ask),
  });
}

function refuse(input: Pick<Given, 'origin' | 'value'>, rule: string): never {
  throw new UsageError(`${input.origin} ${rule}: got ${quoteValue(input.value)}.`);
}

function readTarget(ask: Inputs): 'aws' | 'local' {
  const input = readInput(ask, 'target');
  if (input === undefined || input.value === 'aws') return 'aws';
  return input.value === 'local' ? 'local' : refuse(input, 'must be aws or local');
}

function readEndpoint(ask: Inputs): Pick<Settings, 'endpointUrl' | 'endpointFrom'> {
  const own = readInput(ask, 'endpoint-url');
  const input = own ?? fromAws(ask, 'AWS_ENDPOINT_URL');
  if (input === undefined) return {};
  const text = String(input.value);
  const url = /^https?:\/\//i.test(text) && URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) return refuse(input, 'must be a URL such as http://127.0.0.1:4510');
  // The value is not repeated whole, since a terminal or a log is no place for a password.
  if (url.username !== '' || url.password !== '') {
    return refuse({ ...input, value: url.origin }, 'must hold no user name and no password');
  }
  if (url.search !== '' || url.hash !== '') return refuse(input, 'must be a URL without "?" and "#"');
  const endpointUrl = url.href.replace(/\/+$/, '');
  return own === undefined ? { endpointUrl, endpointFrom: 'AWS_ENDPOINT_URL' } : { endpointUrl };
}

function readProfile(ask: Inputs): string | undefined {
  const input = readInput(ask, 'profile') ?? fromAws(ask, 'AWS_PROFILE');
  if (input === undefined) return undefined;
  const text = String(input.value);
  return /^[^\x00-\x1f\x7f]+$/.test(text) ? text : refuse(input, 'must be the name of a profile');
}

/** AWS's own variables count as not given when they are empty, as in its other tools. */
function fromAws({ env }: Inputs, variable: string): Pick<Given, 'origin' | 'value'> | undefined {
  const value = env[variable];
  return value === undefined || value === '' ? undefined : { origin: variable, value };
}

function readSwitch(ask: Inputs, flag: string): boolean {
  const input = readInput(ask, flag);
  if (input === undefined) return false;
  const value = input.switch();
  return typeof value === 'boolean' ? value : refuse(input, 'must be one of 1, 0, true, false, yes, no');
}

function readColor(ask: Inputs): boolean {
  const { color } = ask.flags;
  if (typeof color === 'boolean') return color;
  if (readInput(ask, 'no-color') !== undefined) return !readSwitch(ask, 'no-color');
  return (ask.env['NO_COLOR'] ?? '') === '';
}

function readPort(ask: Inputs): number {
  const input = readInput(ask, 'local-port');
  if (input === undefined) return 4510;
  const port = input.number();
  const isPort = typeof port === 'number' && Number.isInteger(port) && port >= 1 && port <= 65_535;
  return isPort ? port : refuse(input, 'must be a port from 1 to 65535');
}
