import type { Call, Handled, Service, WireRequest } from '../operation.js';
import { Refusal } from '../wire/refusal.js';
import { restJsonError, restJsonResponse } from '../wire/rest-json.js';
import { routeTable } from '../wire/route-table.js';
import { GetAccount } from './account.js';
import { CreateApiKey, DeleteApiKey, GetApiKey, GetApiKeys, UpdateApiKey } from './api-key.js';
import { CreateModel, DeleteModel, GetModel, GetModels } from './api-model.js';
import { authorise, pathArn } from './authorise.js';
import { DeleteAuthorizer, GetAuthorizer, GetAuthorizers } from './authorizer.js';
import { CreateBasePathMapping, DeleteBasePathMapping, GetBasePathMappings } from './base-path-mapping.js';
import { CreateAuthorizer } from './create-authorizer.js';
import { CreateDeployment } from './create-deployment.js';
import { CreateResource } from './create-resource.js';
import { CreateRestApi } from './create-rest-api.js';
import { CreateStage } from './create-stage.js';
import { DeleteRestApi } from './delete-rest-api.js';
import { DeleteDeployment, GetDeployment, GetDeployments, UpdateDeployment } from './deployment.js';
import { CreateDomainName, DeleteDomainName, GetDomainName, GetDomainNames } from './domain-name.js';
import { notEmulated } from './errors.js';
import { FlushStageAuthorizersCache, FlushStageCache } from './flush-stage-cache.js';
import {
  DeleteGatewayResponse,
  GetGatewayResponse,
  GetGatewayResponses,
  PutGatewayResponse,
} from './gateway-response.js';
import { DeleteIntegration, GetIntegration } from './integration.js';
import {
  DeleteIntegrationResponse,
  GetIntegrationResponse,
  PutIntegrationResponse,
  UpdateIntegrationResponse,
} from './integration-response.js';
import { DeleteMethod, GetMethod } from './method.js';
import { DeleteMethodResponse, GetMethodResponse, PutMethodResponse, UpdateMethodResponse } from './method-response.js';
import { NOT_EMULATED } from './not-emulated.js';
import type { Operation } from './operation.js';
import { PutIntegration } from './put-integration.js';
import { PutMethod } from './put-method.js';
import {
  CreateRequestValidator,
  DeleteRequestValidator,
  GetRequestValidator,
  GetRequestValidators,
  UpdateRequestValidator,
} from './request-validator.js';
import { DeleteResource, GetResource, GetResources } from './resource.js';
import { GetRestApi, GetRestApis } from './rest-api.js';
import { DeleteStage, GetStage, GetStages } from './stage.js';
import { GetTags, TagResource, UntagResource } from './tags.js';
import { TestInvokeMethod } from './test-invoke-method.js';
import { UpdateAccount } from './update-account.js';
import { UpdateAuthorizer } from './update-authorizer.js';
import { UpdateGatewayResponse } from './update-gateway-response.js';
import { UpdateIntegration } from './update-integration.js';
import { UpdateMethod } from './update-method.js';
import { UpdateResource } from './update-resource.js';
import { UpdateRestApi } from './update-rest-api.js';
import { UpdateStage } from './update-stage.js';
import { UpdateUsagePlan } from './update-usage-plan.js';
import { CreateUsagePlan, DeleteUsagePlan, GetUsagePlan, GetUsagePlans } from './usage-plan.js';
import { CreateUsagePlanKey, DeleteUsagePlanKey, GetUsagePlanKey, GetUsagePlanKeys } from './usage-plan-key.js';
import { GetUsage } from './usage-plan-usage.js';

const OPERATIONS: readonly Operation[] = [
  ...[CreateRestApi, GetRestApi, GetRestApis, UpdateRestApi, DeleteRestApi],
  ...[CreateResource, GetResource, GetResources, UpdateResource, DeleteResource],
  ...[PutMethod, GetMethod, UpdateMethod, DeleteMethod, TestInvokeMethod],
  ...[PutMethodResponse, GetMethodResponse, UpdateMethodResponse, DeleteMethodResponse],
  ...[PutIntegration, GetIntegration, UpdateIntegration, DeleteIntegration],
  ...[PutIntegrationResponse, GetIntegrationResponse, UpdateIntegrationResponse, DeleteIntegrationResponse],
  ...[CreateDeployment, GetDeployment, GetDeployments, UpdateDeployment, DeleteDeployment],
  ...[CreateStage, GetStage, GetStages, UpdateStage, DeleteStage, FlushStageCache, FlushStageAuthorizersCache],
  ...[PutGatewayResponse, GetGatewayResponse, GetGatewayResponses, UpdateGatewayResponse, DeleteGatewayResponse],
  ...[CreateRequestValidator, GetRequestValidator, GetRequestValidators],
  ...[UpdateRequestValidator, DeleteRequestValidator],
  ...[CreateAuthorizer, GetAuthorizer, GetAuthorizers, UpdateAuthorizer, DeleteAuthorizer],
  ...[CreateModel, GetModel, GetModels, DeleteModel],
  ...[CreateApiKey, GetApiKey, GetApiKeys, UpdateApiKey, DeleteApiKey],
  ...[CreateUsagePlan, GetUsagePlan, GetUsagePlans, UpdateUsagePlan, DeleteUsagePlan, GetUsage],
  ...[CreateUsagePlanKey, GetUsagePlanKey, GetUsagePlanKeys, DeleteUsagePlanKey],
  ...[CreateDomainName, GetDomainName, GetDomainNames, DeleteDomainName],
  ...[CreateBasePathMapping, GetBasePathMappings, DeleteBasePathMapping],
  ...[GetAccount, UpdateAccount, TagResource, UntagResource, GetTags],
];

const findOperation = routeTable<Operation | string>([
  ...OPERATIONS.map((operation) => [operation.route, operation] as const),
  ...Object.entries(NOT_EMULATED),
]);

/**
 * The control plane of API Gateway, version 1: REST APIs and what belongs to them.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/api/API_Operations.html
 */
export const apigatewayService: Service = {
  signingName: 'apigateway',
  operations: OPERATIONS,
  handle(request, call) {
    const query = new URLSearchParams(request.query);
    const match = findOperation(request.method, request.path, query);
    const operation = typeof match?.target === 'object' ? match.target.name : match?.target;
    try {
      if (match === undefined) throw notEmulated(`${request.method} ${request.path}`);
      if (typeof match.target === 'string') throw notEmulated(match.target);
      return run(match.target, request, call, { path: match.path, query, body: request.body });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { operation, response: restJsonError(error, call.requestId) };
    }
  },
};

function run(operation: Operation, request: WireRequest, call: Call, input: Parameters<Operation['run']>[1]): Handled {
  authorise(call, `apigateway:${request.method}`, pathArn(call, request.path));
  const output = operation.run(call, input);
  return { operation: operation.name, response: restJsonResponse(operation.success, output, call.requestId) };
}
