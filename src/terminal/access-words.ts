/** What may follow a word behind `pixgate access`. */
export const accessWords: Readonly<Record<string, readonly string[]>> = {
  access: ['key', 'user', 'login'],
  key: ['list', 'add', 'show', 'rotate', 'delete'],
  user: ['list', 'add', 'reset', 'delete'],
};
