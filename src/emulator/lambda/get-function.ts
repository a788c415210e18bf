import type { Call } from '../operation.js';
import { demandFunction, type LambdaInput, type LambdaOperation } from './lambda-operation.js';
import type { LambdaFunction } from './model.js';

/** The configuration as far as a module on the disk has one. */
function configurationOf({ arn, modifiedAtMs, name, revisionId }: LambdaFunction): Record<string, unknown> {
  return {
    FunctionName: name,
    FunctionArn: arn,
    Version: '$LATEST',
    PackageType: 'Zip',
    LastModified: new Date(modifiedAtMs).toISOString().replace('Z', '+0000'),
    RevisionId: revisionId,
    State: 'Active',
    LastUpdateStatus: 'Successful',
  };
}

/** Answers a function's configuration. Its code is on this disk, and no address of it is told. */
export const GetFunction: LambdaOperation = {
  name: 'GetFunction',
  route: 'GET /2015-03-31/functions/{FunctionName}',
  success: 200,
  mutating: false,
  fidelity: 'documented',
  source: 'API Reference, Lambda GetFunction',
  run: (call: Call, input: LambdaInput) => ({
    Configuration: configurationOf(demandFunction(call, 'GetFunction', input)),
  }),
};

/** Answers a function's configuration by itself. */
export const GetFunctionConfiguration: LambdaOperation = {
  name: 'GetFunctionConfiguration',
  route: 'GET /2015-03-31/functions/{FunctionName}/configuration',
  success: 200,
  mutating: false,
  fidelity: 'documented',
  source: 'API Reference, Lambda GetFunctionConfiguration',
  run: (call: Call, input: LambdaInput) => configurationOf(demandFunction(call, 'GetFunctionConfiguration', input)),
};
