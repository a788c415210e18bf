import Access from '../../commands/access.js';
import Completion from '../../commands/completion.js';
import Demo from '../../commands/demo.js';
import Flush from '../../commands/flush.js';
import Init from '../../commands/init.js';
import List from '../../commands/list.js';
import Local from '../../commands/local.js';
import Logs from '../../commands/logs.js';
import Status from '../../commands/status.js';
import Teardown from '../../commands/teardown.js';
import Test from '../../commands/test.js';
import Up from '../../commands/up.js';
import Upload from '../../commands/upload.js';
import Wire from '../../commands/wire.js';

/** Every command by name. */
export const commands = {
  access: Access,
  completion: Completion,
  demo: Demo,
  flush: Flush,
  init: Init,
  list: List,
  local: Local,
  logs: Logs,
  status: Status,
  teardown: Teardown,
  test: Test,
  up: Up,
  upload: Upload,
  wire: Wire,
};
