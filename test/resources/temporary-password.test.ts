import { expect, test } from 'vitest';
import { chooseTemporaryPassword } from '../../src/resources/temporary-password.js';

test('chooseTemporaryPassword() gives 24 characters of all four classes, and never the same twice', () => {
  const passwords = Array.from({ length: 500 }, chooseTemporaryPassword);

  const fits = (password: string): boolean =>
    [/^[A-Za-z2-9!#%+\-.:=?@_]{24}$/, /[a-z]/, /[A-Z]/, /\d/, /[!#%+\-.:=?@_]/].every((rule) => rule.test(password));
  expect(passwords.filter((password) => !fits(password))).toEqual([]);
  expect(new Set(passwords).size).toBe(500);
});
