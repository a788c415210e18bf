import Demo from '../../commands/demo.js';
import Init from '../../commands/init.js';
import List from '../../commands/list.js';
import Local from '../../commands/local.js';
import Teardown from '../../commands/teardown.js';
import Test from '../../commands/test.js';
import Up from '../../commands/up.js';
import Upload from '../../commands/upload.js';
import Wire from '../../commands/wire.js';

/** Every command by name. */
export const commands = {
  demo: Demo,
  init: Init,
  list: List,
  local: Local,
  teardown: Teardown,
  test: Test,
  up: Up,
  upload: Upload,
  wire: Wire,
};
