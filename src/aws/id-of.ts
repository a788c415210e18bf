/**
 * The id of what was made.
 *
 * @throws {SyntaxError} as for an answer that cannot be read, where there is none.
 */
export function idOf({ id }: { readonly id?: string | undefined }): string {
  if (id === undefined || id === '') throw new SyntaxError('the answer names no id of what was made');
  return id;
}
