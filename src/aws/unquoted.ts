/**
 * The answer to a call that carries secrets. What cannot be read is not quoted: Node's own error shows the text around
 * the fault.
 *
 * @throws {SyntaxError} for an answer that cannot be read; other errors pass as they are.
 */
export async function unquoted<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const { $metadata } = error as { readonly $metadata?: unknown };
    throw Object.assign(new SyntaxError('the answer cannot be read'), { $metadata });
  }
}
