import type { MountAccess } from '../config/config.js';
import type { MountCalls } from '../model/access.js';

/** What a call is told of the mount and its place. */
export interface CallPlace {
  /** Address of an image. */
  readonly url: string;
  readonly region: string;
  /** ARN that callers must be allowed to invoke: '…/dev/GET/private/*'. */
  readonly invokeArns: readonly string[];
}

type Calls = Pick<MountCalls, 'who' | 'calls' | 'policy'>;

/** How the images of a mount are called, by what its access asks. Secrets go in by the environment, never as arguments. */
export function callsOf(access: MountAccess, place: CallPlace): Calls {
  switch (access.kind) {
    case 'public':
      return {
        who: 'Everybody who knows an address.',
        calls: [
          { by: 'curl', text: `curl --fail --remote-name '${place.url}'` },
          { by: 'browser', text: `<img src="${place.url}" alt="">` },
          { by: 'sdk', text: `const image = await fetch('${place.url}');` },
        ],
      };
    case 'iam':
      return { who: whoSigns(access), calls: signedCalls(place), policy: policyOf(place) };
    case 'api-key':
      return {
        who: 'Whoever sends an API key. Keys tell callers apart and meter them; they are no proof of who calls.',
        calls: headerCalls(place, [['x-api-key', 'PIXGATE_API_KEY']]),
      };
    case 'cognito':
      return {
        who:
          access.scopes === undefined
            ? 'Whoever signed in to the user pool, by its ID token.'
            : `Whoever signed in to the user pool, by an access token with one of the scopes ${access.scopes.join(', ')}.`,
        calls: headerCalls(place, [['Authorization', 'PIXGATE_TOKEN']]),
      };
    case 'lambda':
      return {
        who: `Whomever ${access.functionArn} lets in.`,
        calls: headerCalls(
          place,
          access.identityHeaders.map((name, nth) => [
            name,
            nth === 0 ? 'PIXGATE_IDENTITY' : `PIXGATE_IDENTITY_${nth + 1}`,
          ]),
        ),
      };
  }
}

function whoSigns({ accounts, roles, sourceIps, mfa }: Extract<MountAccess, { kind: 'iam' }>): string {
  const asks = [
    ...(accounts === undefined ? [] : [`of account ${accounts.join(', ')}`]),
    ...(roles === undefined ? [] : [`${accounts === undefined ? '' : 'or '}with role ${roles.join(', ')}`]),
    ...(sourceIps === undefined ? [] : [`from ${sourceIps.join(', ')}`]),
    ...(mfa === 'required' ? ['in a session that began with MFA'] : []),
  ];
  const whose = asks.length === 0 ? '' : `, ${asks.join(', ')}`;
  return `Callers who sign with AWS credentials and may execute-api:Invoke it${whose}.`;
}

function policyOf({ invokeArns }: CallPlace): string {
  const Statement = [{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: invokeArns }];
  return JSON.stringify({ Version: '2012-10-17', Statement }, null, 2);
}

/** curl reads what is secret from its standard input: arguments are seen by everybody on the machine. */
function curlWith(lines: string, variables: string, rest: string): string {
  return `printf '${lines}' ${variables} | curl --config - ${rest}`;
}

function signedCalls({ url, region }: CallPlace): MountCalls['calls'] {
  const lines = 'user = "%s:%s"\\n%s\\n';
  // curl signs an empty header and does not send it, so that one without a session has no such line.
  const session = '"${AWS_SESSION_TOKEN:+header = \\"x-amz-security-token: $AWS_SESSION_TOKEN\\"}"';
  const variables = `"$AWS_ACCESS_KEY_ID" "$AWS_SECRET_ACCESS_KEY" ${session}`;
  const sdk = [
    `import { Sha256 } from '@aws-crypto/sha256-js';`,
    `import { fromNodeProviderChain } from '@aws-sdk/credential-providers';`,
    `import { SignatureV4 } from '@smithy/signature-v4';`,
    `const url = new URL('${url}');`,
    `const credentials = fromNodeProviderChain();`,
    `const signer = new SignatureV4({ service: 'execute-api', region: '${region}', credentials, sha256: Sha256 });`,
    `const { headers } = await signer.sign({ method: 'GET', protocol: url.protocol, hostname: url.hostname, path: url.pathname, headers: { host: url.host } });`,
    `const image = await fetch(url, { headers });`,
  ];
  return [
    {
      by: 'curl',
      text: curlWith(lines, variables, `--aws-sigv4 aws:amz:${region}:execute-api --fail --remote-name '${url}'`),
    },
    {
      by: 'browser',
      text: 'An <img> cannot sign. Have a script fetch the image as below, with temporary credentials.',
    },
    { by: 'sdk', text: sdk.join('\n') },
  ];
}

function headerCalls(
  { url }: CallPlace,
  headers: readonly (readonly [name: string, variable: string])[],
): MountCalls['calls'] {
  const lines = headers.map(([name]) => `header = "${name}: %s"\\n`).join('');
  const variables = headers.map(([, variable]) => `"$${variable}"`).join(' ');
  const script = (read: (variable: string) => string): string =>
    `const image = await fetch('${url}', { headers: { ${headers.map(([name, variable]) => `'${name}': ${read(variable)}`).join(', ')} } });`;
  return [
    { by: 'curl', text: curlWith(lines, variables, `--fail --remote-name '${url}'`) },
    {
      by: 'browser',
      text: `${script((variable) =>
        variable
          .replace('PIXGATE_', '')
          .toLowerCase()
          .replace(/_(\w)/g, (_all, letter: string) => letter.toUpperCase()),
      )}\nimg.src = URL.createObjectURL(await image.blob());`,
    },
    { by: 'sdk', text: `import { env } from 'node:process';\n${script((variable) => `env.${variable}`)}` },
  ];
}
