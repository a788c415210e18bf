import { expect, it } from 'vitest';
import { lookAhead } from '../../src/files/look-ahead.js';

async function* numbers(upTo: number): AsyncGenerator<number> {
  for (let number = 0; number < upTo; number++) yield number;
}

it.each([1, 2, 4, 100])('lookAhead() answers in order, with no more than %i under way', async (width) => {
  let [underWay, most] = [0, 0];
  const work = async (number: number): Promise<number> => {
    underWay++;
    most = Math.max(most, underWay);
    for (let turns = (number * 7) % 5; turns >= 0; turns--) await Promise.resolve();
    underWay--;
    return number;
  };
  const answers: number[] = [];

  for await (const answer of lookAhead(numbers(50), width, work)) answers.push(answer);

  expect(answers).toEqual(Array.from({ length: 50 }, (_, number) => number));
  expect(most).toBeLessThanOrEqual(width);
});

it('lookAhead() throws what the work throws, after all that came before', async () => {
  const work = async (number: number): Promise<number> => {
    if (number === 2) throw new Error('two');
    for (let turns = 0; turns < 50; turns++) await Promise.resolve();
    return number;
  };
  const answers: number[] = [];

  const failing = (async () => {
    for await (const answer of lookAhead(numbers(9), 4, work)) answers.push(answer);
  })();

  await expect(failing).rejects.toThrow('two');
  expect(answers).toEqual([0, 1]);
});
