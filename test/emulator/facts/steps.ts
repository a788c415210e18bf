import type { OperationInfo } from '../../../src/emulator/operation.js';

/** One step, as operations are described. */
type Step = Pick<OperationInfo, 'name' | 'fidelity' | 'source'> & { readonly service: string };

/**
 * The steps that a request to a finished API goes through, in order, and how far to trust each. The mark is that of the step's most
 * used rules; single guesses stand in the emulator's README.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html
 */
export const STEPS: readonly Step[] = [
  step(
    'parseClientRequest',
    'guessed',
    'koki-develop/lgtm-generator#10 for the 413; what a 400 is given for is a guess',
  ),
  step('routeRequest', 'recorded', 'LocalStack, recorded: TestApigatewayRouting, test_lambda_aws_proxy_integration'),
  step(
    'checkApiKey',
    'recorded',
    'LocalStack, recorded: test_api_key_required_for_methods; the lines of the log are guesses',
  ),
  step(
    'startExecution',
    'documented',
    'Developer Guide, set-up-logging; the order of the lines from azul#6335 and sst guide#112',
  ),
  step(
    'authorise',
    'documented',
    'Developer Guide, apigateway-authorization-flow; the text of a denial from serverless/serverless#5071',
  ),
  step(
    'throttle',
    'documented',
    'Developer Guide, api-gateway-request-throttling; what a quota counts, and its offset, are guesses',
  ),
  step('validateRequest', 'recorded', 'LocalStack, recorded tests of request validators'),
  step('lookUpCache', 'documented', 'Developer Guide, api-gateway-caching; nobody has recorded a cache'),
  step('mapRequest', 'recorded', 'LocalStack, recorded: TestApiGatewayHeaderRemapping, TestApiGatewayS3BinarySupport'),
  step('integrate', 'recorded', 'LocalStack, recorded: test_apigateway_s3_any, test_apigateway_s3_method_mapping'),
  step('mapResponse', 'recorded', 'LocalStack, recorded: test_apigateway_s3_any, TestApiGatewayS3BinarySupport'),
  step('finishMethodResponse', 'recorded', 'LocalStack, recorded: TestApiGatewayHeaderRemapping'),
  step('fillCache', 'documented', 'Developer Guide, api-gateway-caching'),
  step('toGatewayAnswer', 'recorded', 'LocalStack, recorded tests of gateway responses (April and June 2024)'),
  step('compress', 'documented', 'Developer Guide, api-gateway-gzip-compression-decompression'),
  step('toWireResponse', 'recorded', 'LocalStack, recorded: test_invocation_trace_id'),
  step('writeExecutionLog', 'documented', 'Developer Guide, set-up-logging'),
  step('writeAccessLog', 'documented', 'Developer Guide, set-up-logging'),
];

function step(name: string, fidelity: Step['fidelity'], source: string): Step {
  return { service: 'execute-api', name, fidelity, source };
}
