import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { onTestFinished } from 'vitest';
import { clientConfig } from '../../src/aws/access.js';
import { openAws, openSts } from '../../src/aws/aws.js';
import type { Config, MountAccess } from '../../src/config/config.js';
import { type Fault, type FaultyEmulator, withFaults } from '../../src/emulator/faults.js';
import { type CallRecord, createEmulator } from '../../src/emulator/index.js';
import type { Change } from '../../src/model/plan.js';
import { poolResource } from '../../src/resources/pool.js';
import type { PoolHave } from '../../src/resources/pool-sight.js';
import type { Environment, Memo, World } from '../../src/resources/resource.js';
import { targetOn } from '../../src/targets/local.js';

const REGION = 'eu-west-1';

/** Time stands still unless somebody sleeps, so that codes change when a test wants them to. */
const NOON = { now: () => Date.parse('2026-01-01T12:00:00Z') };

/** One environment on an account in memory, and somebody else's hands on the same account. */
export interface PoolBench {
  readonly emulator: FaultyEmulator;
  readonly world: World;
  /** Whoever is not pixgate. */
  readonly cognito: CognitoIdentityProviderClient;
  /** What Cognito was asked to do, of what could change something; `all` of it. */
  calls(which?: 'all'): string[];
  /** What one look finds to be done. */
  look(access?: MountAccess, memo?: Memo): Promise<{ have: PoolHave | undefined; changes: readonly Change[] }>;
  /** Looks and does it, as a run of wire does. */
  run(access?: MountAccess, memo?: Memo): Promise<PoolHave>;
}

/** The pool that most tests want. */
export const REQUIRED: MountAccess = { kind: 'cognito', mfa: 'required' };

/** Opens an account in memory with an environment, and faults in the way to it. */
export async function openPoolBench(faults: readonly Fault[] = [], removing = false): Promise<PoolBench> {
  const records: CallRecord[] = [];
  const observe = (record: CallRecord): void => {
    if (record.service === 'cognito-idp') records.push(record);
  };
  const bare = createEmulator({ seed: 'pool', clock: NOON, observe });
  onTestFinished(() => bare.close());
  const emulator = withFaults(
    bare,
    faults.map((fault) => ({ service: 'cognito-idp', ...fault })),
  );
  const { access } = targetOn(emulator, REGION, 4510);
  const identity = await openSts(access).getIdentity();
  const environment: Environment = {
    ...{ target: 'local', account: identity.account, partition: 'aws', region: REGION },
    ...{ name: 'holiday', stage: 'dev', token: 'token-of-ours', createdBy: 'ann@laptop' },
  };
  const world: World = {
    ...{ aws: openAws(access, identity), clock: emulator.clock, environment, removing },
    say: () => {},
    signal: new AbortController().signal,
  };
  const resource = poolResource(environment);
  const bench: PoolBench = {
    emulator,
    world,
    cognito: new CognitoIdentityProviderClient(clientConfig(targetOn(bare, REGION, 4510).access)),
    calls: (which) => records.filter((is) => which === 'all' || is.mutating).map(({ operation }) => operation ?? ''),
    async look(mountAccess = REQUIRED, memo) {
      const want = await resource.desire(configOf(mountAccess), { get: () => undefined, has: () => false });
      const have = await resource.observe(world, want, memo);
      return { have, changes: resource.diff(want, have) };
    },
    async run(mountAccess = REQUIRED, memo) {
      const want = await resource.desire(configOf(mountAccess), { get: () => undefined, has: () => false });
      const { have, changes } = await bench.look(mountAccess, memo);
      return changes.length === 0 && have !== undefined ? have : resource.converge(world, want, have);
    },
  };
  return bench;
}

/** What a pool's bench reads of a config. */
function configOf(access: MountAccess): Config {
  const partial: Pick<Config, 'tags'> & { mounts: { access: MountAccess }[] } = {
    tags: { team: 'web' },
    mounts: [{ access }],
  };
  return partial as unknown as Config;
}
