import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createEmulator } from '../../src/emulator/index.js';
import { STEPS } from './facts/steps.js';

const ROOM = path.join(import.meta.dirname, '../../src/emulator');
const FIDELITIES = ['recorded', 'documented', 'guessed'] as const;

/** What a source may be: a recording by name, a page of AWS's, or an issue. */
const PUBLIC_SOURCE =
  /LocalStack, recorded|(?:API Reference|API reference|Developer [Gg]uide|User Guide), \w|\w[\w-]*(?:\/[\w-]+)?#\d+/;

/** A file of somebody's own instead: a path, or notes in Markdown. */
const NOT_PUBLIC = /(?:^|[\s(])[.~]?\/\w|\.md\b/;

/** The operations of the services, and the steps of a request to a finished API. */
const everything = () => [...createEmulator().operations, ...STEPS];

type Count = readonly [service: string, ...names: (readonly string[])[]];

/** Names of operations and steps by service, those of each fidelity together. */
function countByService(): Count[] {
  const operations = everything();
  const services = [...new Set(operations.map(({ service }) => service))];
  return services.map((service) => [
    service,
    ...FIDELITIES.map((fidelity) =>
      operations.filter((is) => is.service === service && is.fidelity === fidelity).map(({ name }) => name),
    ),
  ]);
}

function toTable(...lines: readonly (readonly string[])[]): string {
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** How many there are of each, as a table of Markdown, with a last line of totals. */
function toCounts(counts: readonly Count[]): string {
  const rows = counts.map(([service, ...names]) => [service, names.map(({ length }) => length)] as const);
  const totals = FIDELITIES.map((_, n) => rows.reduce((sum, [, row]) => sum + (row[n] ?? 0), 0));
  return toTable(
    ['service', ...FIDELITIES, 'all'],
    ['---', '---:', '---:', '---:', '---:'],
    ...[...rows, ['all', totals] as const].map(([service, row]) => [
      service,
      ...row.map(String),
      String(row.reduce((sum, count) => sum + count, 0)),
    ]),
  );
}

/** Which they are, as a table of Markdown. */
function toNames(counts: readonly Count[]): string {
  const rows = counts.flatMap(([service, ...byFidelity]) =>
    byFidelity.flatMap((names, n) =>
      names.length === 0 ? [] : [[service, FIDELITIES[n] ?? '', [...names].sort().join(', ')]],
    ),
  );
  return toTable(['service', 'mark', 'operations'], ['---', '---', '---'], ...rows);
}

describe('the operations of createEmulator()', () => {
  it('are counted by fidelity, and the README tells the same count', () => {
    const counts = countByService();

    process.stdout.write(`\n${toCounts(counts)}\n`);

    const readme = readFileSync(path.join(ROOM, 'README.md'), 'utf8');
    expect(readme).toContain(toCounts(counts));
    expect(readme).toContain(toNames(counts));
  });

  it('each name a page, a recording or an issue that anybody can look up', () => {
    const unsourced = everything().filter(({ source }) => !PUBLIC_SOURCE.test(source) || NOT_PUBLIC.test(source));

    expect(unsourced.map(({ service, name, source }) => [service, name, source])).toEqual([]);
  });

  it('that are marked as recorded name a recording', () => {
    const recorded = everything().filter(({ fidelity }) => fidelity === 'recorded');

    expect(recorded.filter(({ source }) => !source.startsWith('LocalStack, recorded'))).toEqual([]);
  });

  it('have names that are unique in their service', () => {
    const names = everything().map(({ service, name }) => `${service} ${name}`);

    expect(names.filter((name, n) => names.indexOf(name) !== n)).toEqual([]);
  });

  it('are, for finished APIs, the functions that a request goes through', () => {
    const folder = path.join(ROOM, 'execute-api');
    const code = readdirSync(folder).map((file) => readFileSync(path.join(folder, file), 'utf8'));

    const missing = STEPS.filter(({ name }) => !code.some((text) => text.includes(`export function ${name}(`)));

    expect(missing).toEqual([]);
  });
});
