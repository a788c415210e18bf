import type { Service } from '../operation.js';
import { createJsonService } from '../wire/json-1-1.js';
import { FilterLogEvents } from './filter-log-events.js';
import { GetLogEvents } from './get-log-events.js';
import { CreateLogGroup, DeleteLogGroup, DescribeLogGroups } from './log-group.js';
import { CreateLogStream, DescribeLogStreams } from './log-stream.js';
import { PutLogEvents } from './put-log-events.js';
import { DeleteRetentionPolicy, PutRetentionPolicy } from './retention.js';
import { ListTagsForResource, TagResource, UntagResource } from './tags.js';

/** CloudWatch Logs: groups, streams and events, each Region for itself. */
export const logsService: Service = createJsonService({ signingName: 'logs', targetPrefix: 'Logs_20140328.' }, [
  CreateLogGroup,
  CreateLogStream,
  DeleteLogGroup,
  DeleteRetentionPolicy,
  DescribeLogGroups,
  DescribeLogStreams,
  FilterLogEvents,
  GetLogEvents,
  ListTagsForResource,
  PutLogEvents,
  PutRetentionPolicy,
  TagResource,
  UntagResource,
]);
