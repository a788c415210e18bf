import type { WireResponse } from '../../../src/emulator/operation.js';
import { s3Service } from '../../../src/emulator/s3/index.js';
import { ALICE, ServedApi } from '../execute-api/served-api.js';

const HOST = 's3.eu-central-1.amazonaws.com';

/** An API in one store with the local S3, where it finds a bucket `pics`. */
export interface BucketBehindApi {
  readonly api: ServedApi;
  /** Stores bytes without a type, as `binary/octet-stream`. */
  store(key: string, bytes: Uint8Array): void;
  /** Asks S3 directly, past the API. */
  ask(method: string, path: string, headers?: Record<string, string>, body?: Uint8Array): WireResponse;
}

export function openBucketBehindApi(binaryMediaTypes: string[] = []): BucketBehindApi {
  const api = new ServedApi(binaryMediaTypes);
  api.s3 = (request, call, caller) => s3Service.handle(request, { ...call, caller }).response;
  const ask: BucketBehindApi['ask'] = (method, path, headers = {}, body = new Uint8Array()) =>
    s3Service.handle(
      { method, host: HOST, path, query: '', headers: { host: HOST, ...headers }, body },
      api.call(ALICE),
    ).response;
  const location = '<LocationConstraint>eu-central-1</LocationConstraint>';
  const configuration = `<CreateBucketConfiguration>${location}</CreateBucketConfiguration>`;
  ask('PUT', '/pics', {}, Buffer.from(configuration));
  return { api, ask, store: (key, bytes) => void ask('PUT', `/pics/${key}`, {}, bytes) };
}
