// Writes pixgate.schema.json from the built schema: run it after a build, whenever src/config changes.
import { writeFile } from 'node:fs/promises';
import { renderJsonSchema } from '../dist/src/config/schema.js';

const file = new URL('../pixgate.schema.json', import.meta.url);
await writeFile(file, renderJsonSchema());
