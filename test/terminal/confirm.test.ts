import { expect, test } from 'vitest';
import { confirm } from '../../src/terminal/confirm.js';
import { blankPage } from './blank-page.js';

test('confirm() never asks where nobody can answer, and names --yes', async () => {
  const page = blankPage();
  const voice = {
    ...{ json: false, quiet: false, verbose: false, color: false, canAsk: false, animated: false },
    ...{ out: page, err: page, progress: page },
  };

  const act = confirm('Go ahead?', voice);

  await expect(act).rejects.toMatchObject({ code: 'APPROVAL_MISSING', message: expect.stringContaining('--yes') });
});
