import { describe, expect, it } from 'vitest';
import { type ControlPlane, makeStage } from './control-plane.js';

describe('UpdateStage, cache cluster', () => {
  const status = (plane: ControlPlane, stage: string) => plane.make('GET', stage)['cacheClusterStatus'];

  it('lets caching be asked for without a cluster', () => {
    const { change, read } = makeStage();

    change(['replace', '/*/*/caching/enabled', 'true']);

    expect(read()).toMatchObject({ cacheClusterEnabled: false, cacheClusterStatus: 'NOT_AVAILABLE' });
  });

  it('makes, resizes, flushes and deletes a cluster, each of which takes its time and empties the cache', () => {
    const { plane, live, change } = makeStage();
    const seen: unknown[] = [];
    const settle = () => {
      seen.push(status(plane, live.stage));
      plane.advance(2000);
      seen.push(status(plane, live.stage));
    };

    change(['replace', '/cacheClusterEnabled', 'true'], ['replace', '/cacheClusterSize', '0.5']);
    settle();
    change(['replace', '/cacheClusterSize', '1.6']);
    settle();
    expect(plane.ask('DELETE', `${live.stage}/cache/data`).status).toBe(202);
    settle();
    change(['replace', '/cacheClusterEnabled', 'false']);
    settle();

    expect(seen).toEqual([
      ...['CREATE_IN_PROGRESS', 'AVAILABLE', 'CREATE_IN_PROGRESS', 'AVAILABLE'],
      ...['FLUSH_IN_PROGRESS', 'AVAILABLE', 'DELETE_IN_PROGRESS', 'NOT_AVAILABLE'],
    ]);
    expect(plane.asked.flushed).toEqual(Array.from({ length: 4 }, () => `${live.id}/live`));
  });

  it('refuses another change of a cluster on its way, and takes other changes', () => {
    const { plane, live, change } = makeStage();
    change(['replace', '/cacheClusterEnabled', 'true']);

    expect(change(['replace', '/cacheClusterSize', '1.6']).type).toBe('BadRequestException');
    expect(change(['replace', '/cacheClusterEnabled', 'false']).type).toBe('BadRequestException');
    expect(change(['replace', '/description', 'd']).status).toBe(200);
    plane.advance(2000);

    expect(change(['replace', '/cacheClusterEnabled', 'true']).status).toBe(200);
    expect(status(plane, live.stage)).toBe('AVAILABLE');
  });

  it('keeps a size without making a cluster', () => {
    const { change, read } = makeStage();

    change(['replace', '/cacheClusterSize', '6.1']);

    expect(read()).toMatchObject({ cacheClusterSize: '6.1', cacheClusterStatus: 'NOT_AVAILABLE' });
  });
});
