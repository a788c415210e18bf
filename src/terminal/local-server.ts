import type { EnvironmentSummary, LocalServer } from '../index.js';
import type { Page } from './page.js';

/** What there is to tell of a local cloud that is being served. */
export type ServerFacts = Pick<LocalServer, 'url' | 'port' | 'credentials' | 'accountId'>;

/** Sets out how to reach a served local cloud: the page for a browser, variables to export, a command to try, and what each environment serves. */
export function renderServer(
  { url, credentials, accountId }: ServerFacts,
  region: string,
  environments: readonly EnvironmentSummary[],
  page: Page,
): string[] {
  return [
    `Open ${page.paint('link', url)} in a browser to see the images.`,
    ...environments.map(({ name, stage, url: base }) =>
      base === undefined
        ? `${name}, stage ${stage}: not wired`
        : `${name}, stage ${stage}: addresses begin with ${page.paint('link', base)}`,
    ),
    '',
    `The same address answers the AWS CLI and SDKs as account ${accountId}:`,
    '',
    `  export AWS_ENDPOINT_URL=${url}`,
    `  export AWS_ACCESS_KEY_ID=${credentials.accessKeyId}`,
    `  export AWS_SECRET_ACCESS_KEY=${credentials.secretAccessKey}`,
    `  export AWS_REGION=${region}`,
    `  aws --endpoint-url ${url} apigateway get-rest-apis`,
    ...(environments.length === 0 ? ['', 'No environments yet: pixgate up --target local makes one.'] : []),
  ];
}
