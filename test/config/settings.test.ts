import { describe, expect, it } from 'vitest';
import { loadSettings } from '../../src/config/settings.js';
import { UsageError } from '../../src/errors.js';

const DEFAULTS = { target: 'aws', json: false, yes: false, quiet: false, verbose: false, color: true, localPort: 4510 };

function complaintOf(flags: Record<string, unknown>, env: Record<string, string> = {}): string {
  try {
    loadSettings({ flags, env });
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('loadSettings()', () => {
  it('fills in every default, frozen', () => {
    const settings = loadSettings({ flags: {}, env: {} });

    expect(settings).toEqual(DEFAULTS);
    expect(Object.isFrozen(settings)).toBe(true);
  });

  it.each([
    [{ target: 'local' }, {}, { target: 'local' }],
    [{ target: 'aws' }, { PIXGATE_TARGET: 'local' }, { target: 'aws' }],
    [{}, { PIXGATE_TARGET: 'local' }, { target: 'local' }],
    [
      { target: 'local' },
      { AWS_ENDPOINT_URL: 'http://a:1' },
      { target: 'local', endpointUrl: 'http://a:1', endpointFrom: 'AWS_ENDPOINT_URL' },
    ],
    [{ 'endpoint-url': 'http://localhost:4510/' }, {}, { endpointUrl: 'http://localhost:4510' }],
    [{}, { PIXGATE_ENDPOINT_URL: 'http://a:1/x/', AWS_ENDPOINT_URL: 'http://b:1' }, { endpointUrl: 'http://a:1/x' }],
    [
      {},
      { AWS_ENDPOINT_URL: 'https://b.example' },
      { endpointUrl: 'https://b.example', endpointFrom: 'AWS_ENDPOINT_URL' },
    ],
    [{}, { AWS_ENDPOINT_URL: '' }, {}],
    [{ profile: 'ann' }, { AWS_PROFILE: 'bob' }, { profile: 'ann' }],
    [{}, { PIXGATE_PROFILE: 'cy', AWS_PROFILE: 'bob' }, { profile: 'cy' }],
    [{}, { AWS_PROFILE: 'bob' }, { profile: 'bob' }],
    [{ json: true, yes: true, quiet: true, verbose: true }, {}, { json: true, yes: true, quiet: true, verbose: true }],
    [
      {},
      { PIXGATE_JSON: '1', PIXGATE_YES: 'yes', PIXGATE_QUIET: 'TRUE', PIXGATE_VERBOSE: 'no' },
      { json: true, yes: true, quiet: true },
    ],
    [{ yes: false }, { PIXGATE_YES: '1' }, {}],
    [{}, { NO_COLOR: '1' }, { color: false }],
    [{}, { NO_COLOR: '' }, {}],
    [{ color: true }, { NO_COLOR: '1' }, {}],
    [{ color: false }, {}, { color: false }],
    [{ 'no-color': true }, {}, { color: false }],
    [{}, { PIXGATE_NO_COLOR: '1' }, { color: false }],
    [{}, { PIXGATE_LOCAL_PORT: '8080' }, { localPort: 8080 }],
    [{ 'local-port': 65_535 }, {}, { localPort: 65_535 }],
  ])('reads flags %j and environment %j', (flags, env, changed) => {
    expect(loadSettings({ flags, env })).toEqual({ ...DEFAULTS, ...changed });
  });

  it.each([
    [{ target: 'azure' }, {}, '--target must be aws or local: got "azure".'],
    [
      { target: 'local', 'endpoint-url': 'http://a:1' },
      {},
      '--endpoint-url must not be given for the local target: got "http://a:1".',
    ],
    [
      { target: 'local' },
      { PIXGATE_ENDPOINT_URL: 'http://a:1' },
      'PIXGATE_ENDPOINT_URL must not be given for the local target: got "http://a:1".',
    ],
    [{}, { PIXGATE_TARGET: '' }, 'PIXGATE_TARGET must be aws or local: got "".'],
    [
      { 'endpoint-url': 'localhost:4510' },
      {},
      '--endpoint-url must be a URL such as http://127.0.0.1:4510: got "localhost:4510".',
    ],
    [{ 'endpoint-url': 'ftp://a' }, {}, '--endpoint-url must be a URL such as http://127.0.0.1:4510: got "ftp://a".'],
    [{ 'endpoint-url': 'http://' }, {}, '--endpoint-url must be a URL such as http://127.0.0.1:4510: got "http://".'],
    [{ 'endpoint-url': 'http://a/?x' }, {}, '--endpoint-url must be a URL without "?" and "#": got "http://a/?x".'],
    [
      {},
      { AWS_ENDPOINT_URL: 'nonsense' },
      'AWS_ENDPOINT_URL must be a URL such as http://127.0.0.1:4510: got "nonsense".',
    ],
    [{ profile: '' }, {}, '--profile must be the name of a profile: got "".'],
    [{}, { PIXGATE_JSON: 'maybe' }, 'PIXGATE_JSON must be one of 1, 0, true, false, yes, no: got "maybe".'],
    [{}, { PIXGATE_YES: '' }, 'PIXGATE_YES must be one of 1, 0, true, false, yes, no: got "".'],
    [{}, { PIXGATE_LOCAL_PORT: '0' }, 'PIXGATE_LOCAL_PORT must be a port from 1 to 65535: got "0".'],
    [{ 'local-port': 70_000 }, {}, '--local-port must be a port from 1 to 65535: got 70000.'],
    [{ 'local-port': '45.5' }, {}, '--local-port must be a port from 1 to 65535: got "45.5".'],
  ])('refuses flags %j and environment %j', (flags, env, message) => {
    expect(complaintOf(flags, env)).toBe(message);
  });

  it('never repeats the password of an endpoint', () => {
    const message = complaintOf({ 'endpoint-url': 'http://ann:hunter2@a:1/' });

    expect(message).toBe('--endpoint-url must hold no user name and no password: got "http://a:1".');
  });
});
