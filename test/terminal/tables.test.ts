import { expect, test } from 'vitest';
import { renderTable } from '../../src/terminal/tables.js';
import { blankPage } from './blank-page.js';

const headings = ['name', 'url'];
const rows = [
  ['holiday', 'https://example.test/dev'],
  ['猫', '-'],
];

test('renderTable() sets columns two spaces apart', () => {
  const lines = renderTable(headings, rows, blankPage());

  expect(lines).toEqual(['  name     url', '  holiday  https://example.test/dev', '  猫       -']);
});

test('renderTable() makes blocks on a page of 20 columns', () => {
  const lines = renderTable(headings, rows, blankPage(20));

  expect(lines).toEqual(['  name: holiday', '  url: https://example.test/dev', '', '  name: 猫', '  url: -']);
});
