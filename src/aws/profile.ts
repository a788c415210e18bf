import { loadConfig, loadSharedConfigFiles } from '@smithy/core/config';
import { AwsError, RefusedError, UsageError } from '../errors.js';
import type { AwsAccess } from './access.js';

/** How many known profiles a complaint names. */
const NAMED = 5;

type Section = Readonly<Record<string, string | undefined>>;

/** What the AWS config files say. */
interface Files {
  /** Profiles of both files by name; what the credentials file says comes first, as it does for the SDK. */
  readonly profiles: Readonly<Record<string, Section>>;
  /** Sections of another kind by name: 'sso-session.corp'. */
  readonly sections: Readonly<Record<string, Section>>;
  /** Where both were looked for, for messages. */
  readonly shown: string;
  readonly variables: Variables;
}

/** What the SDK takes from the environment. */
interface Variables {
  readonly config: string;
  readonly credentials: string;
  readonly profile: string;
  /** The first variable that names an endpoint, and what it says. */
  readonly endpoint?: readonly [name: string, url: string];
  readonly ignoresEndpoints: boolean;
}

/**
 * Lets no call leave before it is certain whose credentials it carries, and where to.
 *
 * The SDK passes over a profile that does not exist, and takes what the machine itself may do; and it takes another endpoint from
 * files and variables that nobody may have looked at.
 *
 * @throws {UsageError} when the profile, or one that it leads to, is in neither file.
 * @throws {RefusedError} when an endpoint is set where nobody sees it, and none was given.
 */
export async function checkProfile({ credentials, profile, endpointUrl }: AwsAccess): Promise<void> {
  if (credentials !== undefined) return;
  const files = await readFiles();
  if (profile !== undefined && profile !== 'default') complainOfProfile(profile, files);
  if (endpointUrl === undefined) refuseHiddenEndpoint(profile, files);
}

/** Finds the profile that is in use, and the Region that it names, if any. */
export async function findProfile(profile?: string): Promise<{ readonly name: string; readonly region?: string }> {
  const { profiles, variables } = await readFiles();
  const name = profile ?? variables.profile;
  const region = profiles[name]?.['region'];
  return { name, ...(region === undefined ? {} : { region }) };
}

/**
 * Says why the SDK found no credentials, which it tells of one and the same way whatever the reason; any other error comes back as it is.
 *
 * @throws {UsageError} when the files lead to a profile that is in neither.
 */
export async function explainNoCredentials(error: unknown, { profile = 'default' }: AwsAccess): Promise<unknown> {
  if (!(error instanceof AwsError) || !['NO_CREDENTIALS', 'SSO_SESSION_OVER'].includes(error.code)) return error;
  const files = await readFiles();
  const section = files.profiles[profile];
  if (section === undefined) return error;
  complainOfProfile(profile, files);
  const rest = { suggestions: error.suggestions, cause: error.cause };
  if (error.code === 'SSO_SESSION_OVER') {
    const signIn = `aws sso login --profile ${/^[\w.@-]+$/.test(profile) ? profile : JSON.stringify(profile)}`;
    return new AwsError(`Cannot sign in to AWS: the SSO session of profile "${profile}" is over.`, error.failure, {
      ...rest,
      code: error.code,
      suggestions: [signIn, 'then run the same command again; it goes on where it stopped'],
    });
  }
  const message = `Cannot sign in to AWS: profile "${profile}" ${lackOf(section)} (looked in ${files.shown}).`;
  return new AwsError(message, error.failure, { ...rest, code: error.code });
}

/** What a profile does not give, in words that go on from its name. */
function lackOf(section: Section): string {
  const { aws_access_key_id: id, aws_secret_access_key: secret } = section;
  if (section['credential_process'] !== undefined) return 'has a credential_process that gave no credentials';
  if (section['source_profile'] !== undefined) return 'leads to a profile that holds no credentials';
  if (id !== undefined && secret === undefined) return 'has an aws_access_key_id without an aws_secret_access_key';
  if (id === undefined && secret !== undefined) return 'has an aws_secret_access_key without an aws_access_key_id';
  return 'holds no credentials';
}

function complainOfProfile(profile: string, { profiles, sections, shown }: Files): void {
  const seen = new Set<string>();
  for (let at = profile, from = ''; ; ) {
    const section = profiles[at];
    const why = from === '' ? '' : `, which profile "${from}" names as its source_profile`;
    if (section === undefined)
      throw unusable(profile, `there is no profile "${at}"${why} (looked in ${shown})`, knownOf(profiles));
    if (seen.has(at)) throw unusable(profile, `its source_profile leads back to "${at}" (looked in ${shown})`);
    seen.add(at);
    const session = section['sso_session'];
    if (session !== undefined && sections[`sso-session.${session}`] === undefined)
      throw unusable(profile, `there is no [sso-session ${session}], which profile "${at}" names (looked in ${shown})`);
    const source = section['source_profile'];
    // A profile with keys of its own may name itself.
    if (section['role_arn'] === undefined || source === undefined || source === at) return;
    from = at;
    at = source;
  }
}

function unusable(profile: string, reason: string, suggestions: readonly string[] = []): UsageError {
  const code = reason.startsWith(`there is no profile "${profile}"`) ? 'PROFILE_UNKNOWN' : 'PROFILE_BROKEN';
  return new UsageError(`Cannot use profile "${profile}": ${reason}.`, { code, suggestions });
}

function knownOf(profiles: Files['profiles']): string[] {
  const names = Object.keys(profiles);
  if (names.length === 0) return ['aws configure, or aws configure sso'];
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
  return [`use one that there is: ${names.slice(0, NAMED).join(', ')}${more}`, 'aws configure, or aws configure sso'];
}

/** The SDK reads an endpoint from the profile of the environment, even where another one gives the credentials. */
function refuseHiddenEndpoint(profile: string | undefined, { profiles, sections, shown, variables }: Files): void {
  const inFile = [profile ?? variables.profile, variables.profile]
    .flatMap((name) => {
      const { services, ...section } = profiles[name] ?? {};
      const of = services === undefined ? {} : (sections[`services.${services}`] ?? {});
      return section['ignore_configured_endpoint_urls'] === 'true' ? [] : Object.entries({ ...section, ...of });
    })
    .find(([name]) => name.endsWith('endpoint_url'));
  const [name, url = ''] = variables.endpoint ?? inFile ?? [];
  if (name === undefined || variables.ignoresEndpoints) return;
  const where = variables.endpoint === undefined ? `${name} in ${shown}` : name;
  throw new RefusedError(`Cannot send credentials to "${url}", as ${where} says: only a flag may name an endpoint.`, {
    code: 'ENDPOINT_UNASKED',
    suggestions: [`add --endpoint-url ${url} if that is meant`, 'set AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true'],
  });
}

async function readFiles(): Promise<Files> {
  const { configFile, credentialsFile } = await loadSharedConfigFiles();
  const isProfile = (name: string): boolean => !/^(sso-session|services)\./.test(name);
  const names = new Set([...Object.keys(configFile).filter(isProfile), ...Object.keys(credentialsFile)]);
  const variables = await loadConfig<Variables>({
    environmentVariableSelector: readVariables,
    configFileSelector: () => undefined,
    default: readVariables({}),
  })();
  return {
    profiles: Object.fromEntries([...names].map((name) => [name, { ...configFile[name], ...credentialsFile[name] }])),
    sections: Object.fromEntries(Object.entries(configFile).filter(([name]) => !isProfile(name))),
    shown: `${variables.config} and ${variables.credentials}`,
    variables,
  };
}

function readVariables(env: Readonly<Record<string, string | undefined>>): Variables {
  const endpoint = Object.entries(env).find(([name, url = '']) => name.startsWith('AWS_ENDPOINT_URL') && url !== '');
  return {
    config: env['AWS_CONFIG_FILE'] || '~/.aws/config',
    credentials: env['AWS_SHARED_CREDENTIALS_FILE'] || '~/.aws/credentials',
    profile: env['AWS_PROFILE'] || 'default',
    ...(endpoint === undefined ? {} : { endpoint: [endpoint[0], endpoint[1] ?? ''] }),
    ignoresEndpoints: env['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'] === 'true',
  };
}
