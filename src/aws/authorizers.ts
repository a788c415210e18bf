import {
  type APIGatewayClient,
  CreateAuthorizerCommand,
  type CreateAuthorizerCommandInput,
  DeleteAuthorizerCommand,
  type PatchOperation,
  UpdateAuthorizerCommand,
} from '@aws-sdk/client-api-gateway';
import type { GatewayAuthorizer } from '../model/gateway.js';
import { type Send, sent } from './sender.js';

/** The authorizers of REST APIs, as we use them. */
export interface Authorizers {
  /** Sent once: its name tells whether it was heard. Answers the id. */
  createAuthorizer(apiId: string, name: string, authorizer: GatewayAuthorizer): Promise<string>;
  /** Makes one what is wanted, sending only what differs. */
  patchAuthorizer(apiId: string, id: string, from: GatewayAuthorizer, to: GatewayAuthorizer): Promise<void>;
  /** Gone already is success; AWS keeps one as long as a method names it. */
  deleteAuthorizer(apiId: string, id: string): Promise<void>;
}

const MISSING = ['NotFoundException'];

/** Opens the calls; `once` is a client that sends each call once. */
export function createAuthorizers(client: APIGatewayClient, once: APIGatewayClient, send: Send): Authorizers {
  return {
    async createAuthorizer(apiId, name, authorizer) {
      const input = toInput(apiId, name, authorizer);
      const { id = '' } = await sent(send('CreateAuthorizer', () => once.send(new CreateAuthorizerCommand(input))));
      return id;
    },
    async patchAuthorizer(apiId, id, from, to) {
      const input = { restApiId: apiId, authorizerId: id, patchOperations: patchesOf(from, to) };
      await send('UpdateAuthorizer', () => client.send(new UpdateAuthorizerCommand(input)));
    },
    async deleteAuthorizer(apiId, id) {
      const input = { restApiId: apiId, authorizerId: id };
      await send('DeleteAuthorizer', () => client.send(new DeleteAuthorizerCommand(input)), { missing: MISSING });
    },
  };
}

function toInput(restApiId: string, name: string, is: GatewayAuthorizer): CreateAuthorizerCommandInput {
  return {
    restApiId,
    name,
    type: is.type as NonNullable<CreateAuthorizerCommandInput['type']>,
    identitySource: is.identitySource,
    ...(is.providerArns.length === 0 ? {} : { providerARNs: [...is.providerArns] }),
    ...(is.uri === undefined ? {} : { authorizerUri: is.uri }),
    ...(is.credentials === undefined ? {} : { authorizerCredentials: is.credentials }),
    ...(is.identityValidation === undefined ? {} : { identityValidationExpression: is.identityValidation }),
    ...(is.ttlSeconds === undefined ? {} : { authorizerResultTtlInSeconds: is.ttlSeconds }),
  };
}

/** @see https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html */
function patchesOf(from: GatewayAuthorizer, to: GatewayAuthorizer): PatchOperation[] {
  const scalars = [
    ['/type', from.type, to.type],
    ['/authorizerUri', from.uri, to.uri],
    ['/authorizerCredentials', from.credentials, to.credentials],
    ['/identitySource', from.identitySource, to.identitySource],
    ['/identityValidationExpression', from.identityValidation, to.identityValidation],
    ['/authorizerResultTtlInSeconds', from.ttlSeconds, to.ttlSeconds],
  ] as const;
  const added = to.providerArns.filter((arn) => !from.providerArns.includes(arn));
  const gone = from.providerArns.filter((arn) => !to.providerArns.includes(arn));
  return [
    ...scalars.flatMap(([path, is, wanted]): PatchOperation[] =>
      is === wanted ? [] : [{ op: 'replace', path, value: String(wanted ?? '') }],
    ),
    ...added.map((value): PatchOperation => ({ op: 'add', path: '/providerARNs', value })),
    ...gone.map((value): PatchOperation => ({ op: 'remove', path: '/providerARNs', value })),
  ];
}
