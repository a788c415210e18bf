/** Loads the module at a URL, in whatever form it is written. The bundle takes this from `bin/import.cjs`. */
export async function importModule(url: string): Promise<Readonly<Record<string, unknown>>> {
  return import(url);
}
