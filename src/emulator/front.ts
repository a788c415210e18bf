import { apigatewayService } from './apigateway/index.js';
import { type RestApi, TABLES } from './apigateway/model.js';
import { ANONYMOUS, authenticate, type SignatureFault } from './authenticate.js';
import { decodeAwsChunked, UNSIGNED_CHUNKS } from './aws-chunked.js';
import type { CallRecord } from './calls.js';
import type { EmulatorClock, TimeSource } from './clock.js';
import { cloud } from './cloud.js';
import { cognitoService } from './cognito/index.js';
import { invokeStage } from './execute-api/index.js';
import { type FrontFault, toFrontError, toRefusal } from './front-error.js';
import { iamService } from './iam/index.js';
import type { Identifiers } from './identifiers.js';
import { lambdaService } from './lambda/index.js';
import { withFunctions } from './lambda/with-functions.js';
import { logsService } from './logs/index.js';
import type { Call, Caller, Handled, Service, Settings, WireRequest, WireResponse } from './operation.js';
import { inTurn } from './pace.js';
import { type ApiPlace, findApiPlace, guessService, regionOfHost, toPathStyle } from './router.js';
import { s3Service } from './s3/index.js';
import { parseAuthorization, type SignatureClaim } from './signature.js';
import type { Store } from './store.js';
import { stsService } from './sts/index.js';

/** All that is emulated but the finished APIs. */
export const SERVICES: readonly Service[] = [
  apigatewayService,
  cognitoService,
  iamService,
  lambdaService,
  logsService,
  s3Service,
  stsService,
];

/** Services that look at unsigned requests themselves, since some of them are good. */
const TAKES_UNSIGNED = ['s3', 'cognito-idp'];

/** Where a request belongs that names no Region. */
const DEFAULT_REGION = 'us-east-1';

/** What the front works on. */
export interface Account {
  /** Where everything lies. */
  readonly store: Store;
  /** The account's time. */
  readonly clock: EmulatorClock;
  /** The world's time, as the cloud knows it. */
  readonly wall: TimeSource;
  /** Where new ids come from. */
  readonly identifiers: Identifiers;
  /** Knobs, defaults filled in. */
  readonly settings: Settings;
}

/** An answer, and what the call log says of it. */
export interface Answered extends Omit<CallRecord, 'n' | 'status'> {
  /** What goes back over the wire. */
  readonly response: WireResponse;
}

/**
 * Answers one request: finds out what it is for, who signed it, and has the service do it in one transaction.
 *
 * @throws {Error} when the emulator itself fails; nothing of the call is kept then.
 */
export async function answerRequest(account: Account, request: WireRequest): Promise<Answered> {
  const place = findApiPlace(request);
  return place === undefined ? answerService(account, request) : answerApi(account, request, place);
}

async function answerApi(account: Account, request: WireRequest, place: ApiPlace): Promise<Answered> {
  const requestId = account.identifiers.newRequestId();
  const api = account.store.get<RestApi>(TABLES.restApi, place.apiId);
  const region = place.region ?? api?.region ?? DEFAULT_REGION;
  // An API answers in its own Region only; elsewhere it is as unknown as one that was never made.
  const apiId = api?.region === region ? place.apiId : '';
  const signer = await findSigner(account, request, region);
  const isKnown = typeof signer === 'object';
  const call = toCall(account, { region, requestId, caller: isKnown ? signer : ANONYMOUS });
  const { stageName, path } = place;
  const ask = {
    apiId,
    stageName,
    path,
    ...(isKnown ? {} : { signatureError: toSignatureError(account, request, signer) }),
  };
  const response = await withFunctions(call, (held) =>
    account.store.transaction(() => invokeStage(request, ask, held)),
  );
  return { service: 'execute-api', operation: 'Invoke', mutating: false, region, response };
}

/** Who signed a call of a finished API. Any Authorization header may be for somebody else, so a fault is only noted. */
async function findSigner(account: Account, request: WireRequest, region: string): Promise<Caller | SignatureFault> {
  const header = request.headers['authorization'];
  if (header === undefined) return ANONYMOUS;
  const claim = parseAuthorization(header);
  if (claim === undefined) return 'malformed';
  const isForHere = claim.service === 'execute-api' && claim.region === region;
  return isForHere ? identify(account, request, claim) : 'bad-signature';
}

function toSignatureError(
  { wall }: Account,
  request: WireRequest,
  fault: FrontFault,
): { errorType: string; message: string } {
  const { code, message } = toRefusal({
    request,
    service: 'execute-api',
    fault,
    requestId: '',
    wallMs: wall.now(),
  });
  return { errorType: code, message };
}

async function answerService(account: Account, request: WireRequest): Promise<Answered> {
  const requestId = account.identifiers.newRequestId();
  const wallMs = account.wall.now();
  const header = request.headers['authorization'];
  const claim = header === undefined ? undefined : parseAuthorization(header);
  const name = claim?.service ?? guessService(request);
  const region = claim?.region ?? regionOfHost(request.host) ?? DEFAULT_REGION;
  const refuse = (fault: FrontFault): Answered => {
    const response = withDate(toFrontError({ request, service: name, fault, requestId, wallMs }), wallMs);
    return { service: name, operation: undefined, mutating: false, region, response };
  };
  const service = SERVICES.find(({ signingName }) => signingName === name);
  if (service === undefined) return refuse({ notEmulated: request.headers['x-amz-target'] ?? 'requests' });
  const caller = await findCaller(account, request, claim, name);
  if (typeof caller !== 'object' || 'notEmulated' in caller) return refuse(caller);
  const plain = name === 's3' ? readChunks(toPathStyle(request)) : request;
  if (typeof plain === 'string' || 'notEmulated' in plain) return refuse(plain);
  const call = toCall(account, { region, requestId, caller });
  const { operation, response } = attempt(
    account.store,
    () => service.handle(plain, call),
    (handled) => (name === apigatewayService.signingName ? inTurn(plain, call, handled) : handled),
  );
  const info = service.operations.find((known) => known.name === operation);
  return { service: name, operation, mutating: info?.mutating ?? false, region, response: withDate(response, wallMs) };
}

async function findCaller(
  account: Account,
  request: WireRequest,
  claim: SignatureClaim | undefined,
  service: string,
): Promise<Caller | FrontFault> {
  if (claim !== undefined) return identify(account, request, claim);
  if (request.headers['authorization'] !== undefined) return 'malformed';
  if (/(^|&)X-Amz-Signature=/i.test(request.query)) return { notEmulated: 'presigned URLs' };
  return TAKES_UNSIGNED.includes(service) ? ANONYMOUS : 'unsigned';
}

function identify(account: Account, request: WireRequest, claim: SignatureClaim): Promise<Caller | SignatureFault> {
  const { store, settings, clock, wall } = account;
  const check = { store, partition: settings.partition, wallMs: wall.now(), nowMs: clock.now() };
  return authenticate(request, claim, check);
}

function readChunks(request: WireRequest): WireRequest | FrontFault {
  const payload = request.headers['x-amz-content-sha256'] ?? '';
  if (!payload.startsWith('STREAMING-')) return request;
  if (payload !== UNSIGNED_CHUNKS) return { notEmulated: `bodies of ${payload}` };
  return decodeAwsChunked(request) ?? 'incomplete-body';
}

function toCall(
  { store, clock, wall, identifiers, settings }: Account,
  { region, requestId, caller }: { region: string; requestId: string; caller: Caller },
): Call {
  const { now } = clock.hold();
  const { newId, newUuid } = identifiers;
  return { store, now, wall: () => wall.now(), newId, newUuid, region, caller, requestId, settings, cloud };
}

/** Carries the answer of a refused operation out of its transaction. */
class Refused extends Error {
  readonly handled: Handled;

  constructor(handled: Handled) {
    super('refused');
    this.handled = handled;
  }
}

/** Runs an operation in one transaction, and undoes what it did before it was refused or found to come too early. */
function attempt(store: Store, work: () => Handled, pace: (handled: Handled) => Handled): Handled {
  try {
    return store.transaction(() => {
      const handled = pace(work());
      if (handled.response.status >= 400) throw new Refused(handled);
      return handled;
    });
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    // A refused call is counted too, and its turn was undone with the rest. One that came too early took none.
    return error.handled.response.status === 429 ? error.handled : pace(error.handled);
  }
}

/** AWS SDKs set their clocks by this header, and sign by them: so it tells the world's time, not the emulator's. */
function withDate(response: WireResponse, wallMs: number): WireResponse {
  const others = Object.entries(response.headers).filter(([name]) => name.toLowerCase() !== 'date');
  return { ...response, headers: { ...Object.fromEntries(others), Date: new Date(wallMs).toUTCString() } };
}
