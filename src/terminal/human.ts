import type { Ora } from 'ora';
import type { CheckGroup } from '../model/check.js';
import type { Event, Listener } from '../model/event.js';
import type { Action, Step } from '../model/plan.js';
import { groupTitle, renderCheck } from './checks.js';
import { cutTo, type Page, wrapText } from './page.js';
import { safeText } from './safe-text.js';
import { formatBytes, formatDuration } from './units.js';
import type { Voice } from './voice.js';

/** Turns events into lines, until it is stopped. */
export interface Narrator {
  /** Hears the events. */
  readonly listener: Listener;
  /** Takes the spinner off the screen; calling it twice is calling it once. */
  stop(): void;
}

/** What a narrator may be told. */
export interface NarratorOptions {
  /** Where check lines go. @default the progress page */
  readonly checks?: Page;
  /** Only checks that did not pass get a line. @default false */
  readonly failedOnly?: boolean;
  /** A clock that never goes back, in milliseconds, for rates. */
  readonly now?: () => number;
}

const verbs: Readonly<Record<Action, string>> = {
  create: 'created',
  update: 'changed',
  remove: 'removed',
  restore: 'given back',
  keep: 'unchanged',
};

/** Plain progress is said at most this often, in milliseconds, so that a log stays short. */
const PLAIN_INTERVAL_MS = 5_000;

/** Makes a narrator: one spinner a step on a terminal, plain lines elsewhere. */
export async function createNarrator(voice: Voice, options: NarratorOptions = {}): Promise<Narrator> {
  const now = options.now ?? (() => performance.now());
  const checks = options.checks ?? voice.progress;
  // ora takes 100 ms to load, so it is loaded only for somebody who sees it.
  const spinner = voice.animated ? await createSpinner(voice) : undefined;
  const show = spinner ? animate(spinner, voice.progress) : quote(voice.progress, now);
  const narration = createNarration(voice, { checks, show, now, failedOnly: options.failedOnly ?? false });
  return {
    listener: narration.listener,
    stop: () => {
      narration.stop();
      spinner?.stop();
    },
  };
}

async function createSpinner({ progress }: Voice): Promise<Ora> {
  const { default: ora } = await import('ora');
  // Raw mode would turn Ctrl-C from a signal into a key.
  // It looks for no variable but FORCE_COLOR itself.
  const painted = progress.paint('link', '-') !== '-';
  return ora({ stream: process.stderr, discardStdin: false, isEnabled: true, color: painted ? 'cyan' : false });
}

/** What a narration shows: something that passes, and lines that stay. */
interface Show {
  /** Something that passes; `key` tells one stretch of it from the next, and the last of a stretch is always shown. */
  passing(text: string, key: string, isLast?: boolean): void;
  /** Runs `write`, which writes lines that stay. */
  staying(write: () => void): void;
  /** The passing thing is over. */
  end(): void;
}

function animate(spinner: Ora, page: Page): Show {
  return {
    passing: (text) => {
      spinner.text = cutTo(text, page.columns - 4);
      if (!spinner.isSpinning) spinner.start();
    },
    staying: (write) => {
      spinner.clear();
      write();
      if (spinner.isSpinning) spinner.render();
    },
    end: () => void spinner.stop(),
  };
}

function quote(page: Page, now: () => number): Show {
  let last = { key: '', at: Number.NEGATIVE_INFINITY, isLast: false };
  return {
    passing: (text, key, isLast = false) => {
      const isNews = isLast ? !last.isLast : now() - last.at >= PLAIN_INTERVAL_MS;
      if (last.key === key && !isNews) return;
      last = { key, at: now(), isLast };
      page.line(`     ${text}`);
    },
    staying: (write) => write(),
    end: () => {},
  };
}

interface Narration {
  readonly checks: Page;
  readonly show: Show;
  readonly now: () => number;
  readonly failedOnly: boolean;
}

function createNarration(voice: Voice, { checks, show, now, failedOnly }: Narration): Narrator {
  let group: CheckGroup | undefined;
  const started = new Map<string, number>();
  // By the world's clock: the local cloud's own skips ahead instead of waiting.
  const tookMs = (step: Step): number => now() - (started.get(step.address) ?? now());
  const page = voice.progress;
  const line = (mark: string, text: string) =>
    show.staying(() => {
      for (const part of wrapText(`  ${mark}  ${text}`, page.columns, 5)) page.line(part);
    });

  let ticking: NodeJS.Timeout | undefined;
  const wait = (event: Extract<Event, { type: 'wait' }>) => {
    const since = now();
    const tell = () => {
      const elapsedMs = event.elapsedMs + now() - since;
      show.passing(describeWait({ ...event, elapsedMs }), `wait ${event.address} ${event.for}`);
    };
    tell();
    if (voice.animated) ticking = setInterval(tell, 1000).unref();
  };

  const listener: Listener = (event) => {
    clearInterval(ticking);
    switch (event.type) {
      case 'begin':
        started.set(event.step.address, now());
        if (voice.animated) show.passing(titleOf(event.step), 'begin');
        return;
      case 'note':
        return line(' ', `${event.address}: ${safeText(event.text)}`);
      case 'warning':
        return line(page.paint('warning', '!'), `${event.address}: ${safeText(event.text)}`);
      case 'progress': {
        const elapsedMs = now() - (started.get(event.address) ?? now());
        const said = describeProgress(event, elapsedMs);
        const text = voice.animated ? withBar(event, said.slice(event.address.length + 2), page.columns) : said;
        return show.passing(text, `progress ${event.address}`, event.done >= event.total);
      }
      case 'wait':
        return wait(event);
      case 'done':
        show.end();
        if (event.step.action === 'keep' && !voice.verbose) return;
        return line(
          page.paint('good', '✓'),
          `${titleOf(event.step)}  ${verbs[event.step.action]} in ${formatDuration(tookMs(event.step))}`,
        );
      case 'fail':
        show.end();
        // Why is said by the complaint that follows.
        return line(page.paint('bad', '✗'), `${titleOf(event.step)}  failed`);
      case 'check':
        if (!failedOnly || event.result.status === 'failed' || event.result.status === 'inconclusive') {
          show.staying(() => {
            if (event.result.group !== group) checks.line(checks.paint('strong', `${groupTitle(event.result.group)}`));
            for (const part of renderCheck(event.result, checks)) checks.line(part);
          });
          group = event.result.group;
        }
        if (voice.animated || failedOnly)
          show.passing(`${event.done} of ${event.total} checks`, 'checks', event.done >= event.total);
        if (event.done >= event.total) show.end();
    }
  };
  return { listener, stop: () => clearInterval(ticking) };
}

function titleOf(step: Step): string {
  return `${step.address}  ${safeText(step.label)}`;
}

/** Columns of a bar: it fills what the words leave, and is left out where that is less. */
const BAR_COLUMNS = { least: 6, most: 24 } as const;

/** Puts a bar before what is said of a step, by bytes where they are known: `███████░░░░░░░  46 %  12 of 50 files`. */
export function withBar(event: Extract<Event, { type: 'progress' }>, said: string, columns: number): string {
  const { done, total, bytesDone = 0, bytesTotal = 0 } = event;
  const share = Math.min(bytesTotal > 0 ? bytesDone / bytesTotal : done / Math.max(total, 1), 1);
  const percent = `${String(Math.floor(share * 100)).padStart(3)} %`;
  // The spinner has two columns, and two stay free.
  const width = Math.min(columns - 4 - said.length - percent.length - 3, BAR_COLUMNS.most);
  if (width < BAR_COLUMNS.least) return said;
  const full = Math.floor(share * width);
  return `${'█'.repeat(full)}${'░'.repeat(width - full)} ${percent}  ${said}`;
}

/** Says how far a step is: `objects/images: 12 of 50 files, 3.1 MB of 9.8 MB, 4.0 files/s, 9.5 s to go`. */
export function describeProgress(event: Extract<Event, { type: 'progress' }>, elapsedMs: number): string {
  const { address, done, total, unit, bytesDone, bytesTotal } = event;
  const parts = [`${done} of ${total} ${unit}`];
  if (bytesDone !== undefined && bytesTotal !== undefined) {
    parts.push(`${formatBytes(bytesDone)} of ${formatBytes(bytesTotal)}`);
  }
  // A rate from less than a second is a guess.
  if (elapsedMs >= 1000 && done > 0 && done < total) {
    const perSecond = (done * 1000) / elapsedMs;
    parts.push(`${perSecond.toFixed(1)} ${unit}/s`, `${formatDuration(((total - done) * 1000) / perSecond)} to go`);
  }
  return `${address}: ${parts.join(', ')}`;
}

/** Says what is waited for and how much longer: `stage: cache cluster, 30.0 s so far, about 3 m 30 s to go`. */
export function describeWait(event: Extract<Event, { type: 'wait' }>): string {
  const { address, elapsedMs, expectedMs } = event;
  const left = expectedMs === undefined ? 0 : expectedMs - elapsedMs;
  const countdown = left > 0 ? `, about ${formatDuration(left)} to go` : '';
  const place = address === '' ? '' : `${address}: `;
  return `${place}${safeText(event.for)}, ${formatDuration(elapsedMs)} so far${countdown}`;
}
