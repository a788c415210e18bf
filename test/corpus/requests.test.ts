import { expect, it } from 'vitest';
import { type Gallery, openGallery } from './gallery.js';
import { HEADER_ROWS } from './header-rows.js';
import { judgeAnswer, judgeSent } from './judge.js';
import { PATH_ROWS } from './path-rows.js';
import { QUERY_ROWS } from './query-rows.js';
import type { Row } from './row.js';

const ROWS: readonly Row[] = [...PATH_ROWS, ...HEADER_ROWS, ...QUERY_ROWS];

/** Largest answer that the stage cache keeps, in bytes. */
const LARGEST_KEPT = 1_048_576;

/** Sends a row once and says what is wrong with the answer. */
async function ask(gallery: Gallery, { request, wanted }: Row): Promise<{ size: number; complaints: string[] }> {
  const before = gallery.sentToS3().length;
  const filled = gallery.fill(request);
  try {
    const answer = await gallery.ask(request);
    const sent = gallery.sentToS3().slice(before);
    const complaints = [...judgeAnswer(filled, wanted, answer, gallery), ...judgeSent(sent, gallery)];
    return { size: answer.body.byteLength, complaints };
  } catch (error) {
    return { size: 0, complaints: [String(error)] };
  }
}

/** A row on a cold cache and then on a warm one: what the first answer left behind must serve the second. */
async function askTwice(gallery: Gallery, row: Row): Promise<{ cold: string[]; warm: string[] }> {
  await gallery.flush();
  const before = gallery.sentToS3().length;
  const cold = await ask(gallery, row);
  const sent = gallery.sentToS3().slice(before);
  const warm = await ask(gallery, row);
  const isKept = sent.some(({ method }) => method === 'GET') && cold.size <= LARGEST_KEPT;
  const isHit = gallery.sentToS3().length === before + sent.length;
  return {
    cold: cold.complaints,
    warm: isKept && !isHit ? [...warm.complaints, 'not from the cache'] : warm.complaints,
  };
}

function nameOf({ family, known, request }: Row): string {
  const [line = '', , header = ''] = request.split('\r\n');
  return `${family} (${known}): ${JSON.stringify(`${line.slice(0, 120)}  ${header.slice(0, 60)}`)}`;
}

it('the gateway answers every request of the corpus as promised, with the cache off, cold and warm', async () => {
  const without = await openGallery(({ cache: _, ...config }) => config);
  const cached = await openGallery();
  const before = [await without.contents(), await cached.contents()];

  const failures: string[] = [];
  let failed = 0;
  for (const row of ROWS) {
    const off = await ask(without, row);
    const { cold, warm } = await askTwice(cached, row);
    for (const [state, complaints] of Object.entries({ off: off.complaints, cold, warm })) {
      if (complaints.length === 0) continue;
      failed += 1;
      failures.push(`${nameOf(row)}, cache ${state}: ${complaints.join('; ')}`);
    }
  }

  process.stdout.write(`corpus: ${ROWS.length} rows x 3 cache states = ${ROWS.length * 3} answers, ${failed} failed\n`);
  expect(failures).toEqual([]);
  expect([await without.contents(), await cached.contents()]).toEqual(before);
});
