/** Finds the code of a system error, such as 'ENOENT'; undefined for every other kind of error. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'syscall' in error && 'code' in error ? String(error.code) : undefined;
}

/** Whether the system has run out of something, so that the next file fares no better. */
export function isScarce(code: string): boolean {
  return code === 'EMFILE' || code === 'ENFILE' || code === 'ENOMEM';
}
