import type { Sweep, SweepOptions } from './sweep.js';

/** Finds by their tags the environments that are to go, and plans their removal; needs neither config nor ledger. Changes nothing. */
export async function openSweep(options: SweepOptions): Promise<Sweep> {
  const { planSweep } = await import('./sweep.js');
  return planSweep(options);
}
