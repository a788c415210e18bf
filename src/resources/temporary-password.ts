import { randomInt } from 'node:crypto';

/** Without what looks alike on paper: 0 and O, 1, l and I. */
const CLASSES = ['abcdefghijkmnopqrstuvwxyz', 'ABCDEFGHJKLMNPQRSTUVWXYZ', '23456789', '!#%+-.:=?@_'];
const LENGTH = 24;

/** Chooses a password at random that every pool of ours takes: 24 characters of all four classes. */
export function chooseTemporaryPassword(): string {
  const alphabet = CLASSES.join('');
  for (;;) {
    const password = Array.from({ length: LENGTH }, () => alphabet.charAt(randomInt(alphabet.length))).join('');
    // One that lacks a class is thrown away whole, so that all others stay equally likely.
    if (CLASSES.every((letters) => [...letters].some((letter) => password.includes(letter)))) return password;
  }
}
