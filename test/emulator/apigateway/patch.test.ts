import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyPatch, type PatchRules, unescapeSegment } from '../../../src/emulator/apigateway/patch.js';
import { createControlPlane, makeApi, makeLive, patch } from './control-plane.js';

/** Texts that are full of what a pointer escapes. */
const tricky = fc.string({ unit: fc.constantFrom('~', '/', '0', '1', '*', '+', '-', 'a', 'ü'), minLength: 1 });

/** A name as a segment of a JSON pointer, written the other way round than the product reads it. */
const escapeSegment = (name: string) =>
  [...name].map((character) => ({ '~': '~0', '/': '~1' })[character] ?? character).join('');

interface Document {
  readonly entries: Record<string, string>;
}

const RULES: PatchRules<Document> = {
  '/entries/*': {
    add({ entries }, value = '', name) {
      entries[name] = value;
    },
  },
};

describe('unescapeSegment()', () => {
  it('gives back any name that was escaped', () => {
    fc.assert(
      fc.property(tricky, (name) => {
        expect(unescapeSegment(escapeSegment(name))).toBe(name);
      }),
    );
  });

  it('reads ~01 as ~1, not as a slash', () => {
    expect(unescapeSegment('~01')).toBe('~1');
  });
});

describe('applyPatch()', () => {
  it('hands every name on as it was before it was escaped', () => {
    fc.assert(
      fc.property(tricky, (name) => {
        const document: Document = { entries: {} };

        applyPatch(document, [{ op: 'add', path: `/entries/${escapeSegment(name)}`, value: 'x' }], RULES);

        expect(document.entries).toEqual({ [name]: 'x' });
      }),
    );
  });

  it('refuses names that are not escaped, and names that are empty', () => {
    const add = (path: string) => () => applyPatch({ entries: {} }, [{ op: 'add', path, value: 'x' }], RULES);

    expect(add('/entries/a/b')).toThrow('Invalid patch path /entries/a/b');
    expect(add('/entries/')).toThrow('Invalid patch path /entries/');
    expect(add('/entries')).toThrow('Invalid patch path /entries');
    expect(add('entries/a')).toThrow('Invalid patch path entries/a');
    expect(add('/constructor')).toThrow('Invalid patch path /constructor');
  });
});

describe('UpdateRestApi', () => {
  it('adds and removes any binary type by its escaped name', () => {
    const plane = createControlPlane();
    const api = `/restapis/${makeApi(plane)}`;

    fc.assert(
      fc.property(tricky, (type) => {
        const path = `/binaryMediaTypes/${escapeSegment(type)}`;

        expect(plane.make('PATCH', api, patch(['add', path]))['binaryMediaTypes']).toEqual([type]);
        expect(plane.make('PATCH', api, patch(['remove', path]))).not.toHaveProperty('binaryMediaTypes');
      }),
    );
  });
});

describe('UpdateStage', () => {
  it('keeps the settings of any resource path under its path without the first slash, the others escaped', () => {
    const plane = createControlPlane();
    const { stage } = makeLive(plane);
    const segment = fc.stringMatching(/^[a-z0-9._-]{1,8}$|^\{[a-z]{1,5}\+?\}$/);

    fc.assert(
      fc.property(fc.array(segment, { minLength: 1, maxLength: 4 }), (segments) => {
        const key = `${segments.join('~1')}/GET`;

        const updated = plane.make('PATCH', stage, patch(['replace', `/${key}/metrics/enabled`, 'true']));
        expect(Object.keys(updated['methodSettings'] as object)).toEqual([key]);
        const removed = plane.make('PATCH', stage, patch(['remove', `/${key}`]));
        expect(removed['methodSettings']).toEqual({});
      }),
    );
  });
});
