import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '..');

const FILES = ['src', 'commands'].flatMap((folder) =>
  readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => path.join(folder, name)),
);

const EXPORT = /^export (?:declare )?(?:abstract )?(?:async )?(?:function\*?|const|interface|type|class) (\w+)/;

describe('docs', () => {
  it('every exported symbol has a comment of its own', () => {
    const bare = FILES.flatMap((file) => {
      const lines = readFileSync(path.join(ROOT, file), 'utf8').split('\n');
      return lines.flatMap((line, index) => {
        const name = EXPORT.exec(line)?.[1];
        return name === undefined || lines[index - 1]?.trimEnd().endsWith('*/') ? [] : [`${file}: ${name}`];
      });
    });

    expect(bare).toEqual([]);
  });

  it('nothing says who made it, on which machine, or that it is unfinished', () => {
    const words = /\bTODO\b|\bFIXME\b|aws-facts|real-account\.md|reliability\.md|\/work\//i;

    const offenders = FILES.filter((file) => words.test(readFileSync(path.join(ROOT, file), 'utf8')));

    expect(offenders).toEqual([]);
  });

  it('the reference has every command with its own flags', () => {
    const read = (name: string) => readFileSync(path.join(ROOT, name), 'utf8');
    const { commands }: { commands: Record<string, { flags: Record<string, { helpGroup?: string }> }> } = JSON.parse(
      read('oclif.manifest.json'),
    );
    const told = read('docs/reference.md').split('\n## pixgate ').slice(1);

    const flagsTold = told.map((part) => [
      /^\w+/.exec(part)?.[0],
      [...part.matchAll(/^\| `(?:-\w, )?--(?:\[no-\])?([\w-]+)/gm)].map(([, name]) => name),
    ]);

    expect(Object.fromEntries(flagsTold)).toEqual(
      Object.fromEntries(
        Object.entries(commands).map(([name, { flags }]) => [
          name,
          Object.keys(flags).filter((flag) => flags[flag]?.helpGroup !== 'GLOBAL'),
        ]),
      ),
    );
  });
});
