import { performance } from 'node:perf_hooks';
import type { Clock } from '../clock.js';

/** How much is sent at once, and how often something new begins. */
export interface Flow {
  /** How many may be under way now. */
  readonly width: number;
  /** How often the pace was cut so far; who is refused says how often it was when it began. */
  readonly cuts: number;
  /** When the next one may begin; undefined: now. */
  turn(signal: AbortSignal): Promise<void> | undefined;
  /** Hears of one that came through. */
  succeed(): void;
  /** Hears of one that was refused for its haste. False when none came through for two minutes: it is no use. */
  slowDown(cutsAtStart: number): boolean;
}

/** What a flow is made of. */
export interface FlowOptions {
  readonly clock: Clock;
  /** The largest width. */
  readonly most: number;
  /** Whether this thread has had no time to spare since it was last asked: more at once would only wait for it. */
  readonly isBusy: () => boolean;
  /** Hears once of the first cut: how many begin in a second from then on. */
  readonly onSlow: (perSecond: number) => void;
}

/** The first width. */
const START = 64;
/** What the width is multiplied with as long as that pays, and how much faster it must get to have paid. */
const STEP = 1.5;
const LEAST_GAIN = 1.1;
/** Part of its time that a thread works which has none to spare. */
const BUSY = 0.9;
/** A speed is measured over so long at least, in milliseconds, and over as many as are under way at once. */
const MEASURED_MS = 50;
/** Part of the speed that is left after a refusal: as in the SDK's own adaptive mode. */
const CUT = 0.7;
/** The lowest pace, in a second. */
const LEAST = 5;
/** Milliseconds in which the pace doubles while nothing is refused, and what it goes up by in a second besides. */
const DOUBLES_MS = 5_000;
const RISE = 5;
/** How often the best speed so far fits into the highest pace. */
const HEADROOM = 2;
/** How late the next one may be, in milliseconds, without the rest being late too: timers are no better than that. */
const LATE_MS = 20;
/** For how long nothing may come through, in milliseconds. */
const PATIENCE_MS = 120_000;

/**
 * Finds out how fast a store can be sent to, as TCP does for a line. How many are under way grows for as long as more of them
 * come through, and this thread has time for more: that fills a long line, and opens no connections that a near store or a
 * busy processor has no use for. When the store refuses for haste, the pace is cut below the speed there was, and goes up
 * again slowly until the next refusal.
 * It is the pace that is cut and not the width, because S3's limit is one on requests in a second.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance.html
 */
export function createFlow({ clock, most, isBusy, onSlow }: FlowOptions): Flow {
  let width = Math.min(START, most);
  let cuts = 0;
  let measured = { fromMs: clock.now(), count: 0 };
  /** In a second: over the last stretch, at best, and when the width last grew. */
  let [speed, best, paid] = [0, 0, 0];
  let succeededMs = clock.now();
  let pace: { perSecond: number; sinceMs: number } | undefined;
  let nextMs = 0;
  let turns = Promise.resolve();

  const measure = (nowMs: number): void => {
    const tookMs = nowMs - measured.fromMs;
    if (tookMs < MEASURED_MS || measured.count < width) return;
    speed = (measured.count * 1000) / tookMs;
    if (!isBusy() && speed > paid * LEAST_GAIN && pace === undefined) {
      width = Math.min(most, Math.ceil(width * STEP));
      paid = speed;
    }
    best = Math.max(best, speed);
    measured = { fromMs: nowMs, count: 0 };
  };
  /** How many may begin in a second, or do where nothing was refused yet. */
  const paceAt = (nowMs: number): number => {
    if (pace === undefined) return speed;
    const sinceMs = nowMs - pace.sinceMs;
    const perSecond = pace.perSecond * 2 ** (sinceMs / DOUBLES_MS) + (RISE * sinceMs) / 1000;
    // A pace far above all speeds there were is none, and the next cut would not be felt.
    return best === 0 ? perSecond : Math.min(perSecond, Math.max(LEAST, best * HEADROOM));
  };
  const waitForTurn = async (signal: AbortSignal): Promise<void> => {
    const waitMs = nextMs - clock.now();
    if (waitMs > 0) await clock.sleep(waitMs, signal);
    const nowMs = clock.now();
    nextMs = Math.max(nextMs, nowMs - LATE_MS) + 1000 / paceAt(nowMs);
  };

  return {
    get width() {
      return width;
    },
    get cuts() {
      return cuts;
    },
    turn(signal) {
      if (pace === undefined) return undefined;
      // One after the other, so that each goes by the pace of its own moment.
      turns = turns.then(() => waitForTurn(signal));
      return turns;
    },
    succeed() {
      succeededMs = clock.now();
      measured.count += 1;
      measure(succeededMs);
    },
    slowDown(cutsAtStart) {
      const nowMs = clock.now();
      if (nowMs - succeededMs >= PATIENCE_MS) return false;
      // Those that were under way then tell nothing of the pace since.
      if (cutsAtStart < cuts) return true;
      // Before the first stretch is over, what came through so far must do.
      if (speed === 0) speed = (measured.count * 1000) / Math.max(nowMs - measured.fromMs, MEASURED_MS);
      best = Math.max(best, speed);
      const perSecond = Math.max(LEAST, paceAt(nowMs) * CUT);
      if (cuts === 0) onSlow(Math.round(perSecond));
      cuts += 1;
      pace = { perSecond, sinceMs: nowMs };
      nextMs = nowMs + 1000 / perSecond;
      return true;
    },
  };
}

/** Watches how busy this thread is. */
export function watchThread(): () => boolean {
  let last = performance.eventLoopUtilization();
  return () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, last);
    last = now;
    return utilization > BUSY;
  };
}
