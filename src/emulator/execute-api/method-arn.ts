import type { Exchange } from './context.js';

/** ARN that execute-api actions are judged on: verb and raw path of this request. */
export function methodArn({ call, client, snapshot: { api }, stageName }: Exchange): string {
  const { partition } = call.settings;
  return `arn:${partition}:execute-api:${api.region}:${api.accountId}:${api.id}/${stageName}/${client.method}${client.path}`;
}
