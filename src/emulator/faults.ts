import { createHash } from 'node:crypto';
import type { Emulator } from './emulator.js';
import { type CallName, lookAtCall, type ServiceCall } from './fault-answers.js';
import { FAULTS, type Fault, type FaultKind, type FaultTraits } from './fault-kinds.js';
import type { WireRequest, WireResponse } from './operation.js';
import { findApiPlace } from './router.js';

export { FAULTS, type Fault, type FaultEnd, type FaultKind } from './fault-kinds.js';

/** Whether a call can meet a fault, apart from its number. */
export function canMeet(fault: Fault, call: CallName): boolean {
  const { service = call.service, operation = call.operation, changing = call.changing } = fault;
  if (service !== call.service || operation !== call.operation || changing !== call.changing) return false;
  const traits: FaultTraits = FAULTS[fault.kind];
  return traits.fits?.(call) ?? true;
}

/** A local cloud with faults in it. */
export interface FaultyEmulator extends Emulator {
  /** Ends all faults, and lets calls through again after a death. */
  heal(): void;
  /** Calls that met a fault, in order. */
  readonly met: readonly { readonly kind: FaultKind; readonly service: string; readonly operation: string }[];
}

/**
 * Puts faults between a client and a local cloud. Only calls of services count and meet them, not those of finished
 * APIs; a call meets the first fault of the plan that it can. Time passes on the account's clock only.
 */
export function withFaults(emulator: Emulator, plan: readonly Fault[]): FaultyEmulator {
  const met: { kind: FaultKind; service: string; operation: string }[] = [];
  const memory = createMemory(emulator);
  let faults = plan.map((fault) => ({ fault, isDue: countdown(fault, emulator) }));
  let dead = false;
  const die = (): never => {
    dead = true;
    throw new Error('killed');
  };
  const meet = async (fault: Fault, call: ServiceCall): Promise<WireResponse> => {
    const { before, after }: FaultTraits = FAULTS[fault.kind];
    const earlier = (forMs: number) => memory.earlier(call, forMs);
    const meeting = { fault, call, earlier, sleep: (ms: number) => emulator.clock.sleep(ms), die };
    const note = () => met.push({ kind: fault.kind, service: call.service, operation: call.operation });
    if (after !== undefined) note();
    try {
      const instead = await before?.(meeting);
      if (instead === undefined) {
        const answer = memory.keep(call, await emulator.handle(call.request));
        return after?.(meeting, answer) ?? answer;
      }
      if (after === undefined) note();
      return instead;
    } catch (error) {
      if (after === undefined) note();
      throw error;
    }
  };
  const handle = async (request: WireRequest): Promise<WireResponse> => {
    if (dead) die();
    if (faults.length === 0 || findApiPlace(request) !== undefined) return emulator.handle(request);
    const call = lookAtCall(emulator, request);
    // All of them count the call, also those that it does not meet.
    const fault = faults.filter(({ fault, isDue }) => canMeet(fault, call) && isDue()).at(0)?.fault;
    return fault === undefined ? memory.keep(call, await emulator.handle(request)) : meet(fault, call);
  };
  const heal = (): void => {
    dead = false;
    faults = [];
  };
  return { ...emulator, handle, heal, met };
}

/** Says of each fitting call, one after the other, whether the fault is met. */
function countdown({ kind, at = 1, times, seconds }: Fault, { clock }: Emulator): () => boolean {
  let seen = 0;
  let sinceMs: number | undefined;
  const isLasting = kind === 'stale' || kind === 'endless-listing' || kind === 'clock-skew';
  const last = at + (times ?? (isLasting ? Infinity : 1));
  return () => {
    seen += 1;
    if (seen < at) return false;
    if (seconds === undefined || isLasting) return seen < last;
    sinceMs ??= clock.now();
    return clock.now() < sinceMs + seconds * 1000;
  };
}

/** What reads were answered, and since when that is out of date. */
function createMemory({ clock }: Emulator) {
  const kept = new Map<string, { service: string; answer: WireResponse; outdatedAtMs: number }>();
  const keyOf = ({ method, host, path, query, headers, body }: WireRequest): string =>
    [method, host, path, query, headers['x-amz-target'] ?? '', Buffer.from(body).toString('latin1')].join(' ');
  return {
    keep({ request, service, changing }: ServiceCall, answer: WireResponse): WireResponse {
      if (!changing) kept.set(keyOf(request), { service, answer, outdatedAtMs: Infinity });
      else if (answer.status < 400) {
        const now = clock.now();
        for (const one of kept.values())
          if (one.service === service) one.outdatedAtMs = Math.min(one.outdatedAtMs, now);
      }
      return answer;
    },
    earlier({ request }: ServiceCall, forMs: number): WireResponse | undefined {
      const known = kept.get(keyOf(request));
      return known !== undefined && clock.now() < known.outdatedAtMs + forMs && known.outdatedAtMs < Infinity
        ? known.answer
        : undefined;
    },
  };
}

/**
 * Draws up to `upTo` faults that a client which does everything right gets through, somewhere in its first `maxCall`
 * calls. The same seed gives the same schedule.
 */
export function drawSchedule(seed: string, maxCall: number, upTo = 5): Fault[] {
  let drawn = 0;
  const draw = (below: number): number =>
    createHash('sha256').update(`${seed}/${drawn++}`).digest().readUInt32BE(0) % below;
  const kinds = (Object.keys(FAULTS) as FaultKind[]).filter((kind) => FAULTS[kind].ends === 'passes');
  return Array.from({ length: 1 + draw(upTo) }, () => ({
    kind: kinds[draw(kinds.length)] ?? 'throttle',
    at: 1 + draw(maxCall),
    times: 1 + draw(2),
  }));
}
