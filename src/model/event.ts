import type { Address, Step } from './plan.js';

/** Everything the engine ever says while it works. */
export type Event =
  | { readonly type: 'begin'; readonly step: Step }
  | { readonly type: 'note'; readonly address: Address; readonly text: string }
  | {
      /** Something that was wanted is missing at the end, though the command succeeds. */
      readonly type: 'warning';
      readonly address: Address;
      readonly text: string;
    }
  | {
      readonly type: 'progress';
      readonly address: Address;
      readonly done: number;
      readonly total: number;
      readonly unit: 'files' | 'calls' | 'things';
      readonly bytesDone?: number;
      readonly bytesTotal?: number;
    }
  | {
      readonly type: 'wait';
      readonly address: Address;
      readonly for: string;
      readonly elapsedMs: number;
      readonly expectedMs?: number;
    }
  | { readonly type: 'done'; readonly step: Step; readonly tookMs: number }
  | { readonly type: 'fail'; readonly step: Step; readonly error: Error }
  | {
      readonly type: 'check';
      readonly result: import('./check.js').CheckResult;
      readonly done: number;
      readonly total: number;
    };

/** Hears every event, in order. */
export type Listener = (event: Event) => void;
