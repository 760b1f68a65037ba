import { Counter, Histogram, Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { samplesOf } from '../../app/own-metrics.ts';

it('takes a process’s metrics apart as a scrape would, under its name', async () => {
  const registry = new Registry();
  const registers = [registry];
  new Counter({ name: 'odd_total', help: 'x', labelNames: ['why'], registers }).inc({ why: 'a "b"\\c\nd, e' }, 3);
  new Histogram({ name: 'took_seconds', help: 'x', buckets: [0.5], registers }).observe(0.2);
  expect(samplesOf(await registry.metrics(), 'w1')).toEqual([
    { name: 'odd_total', labels: { why: 'a "b"\\c\nd, e', instance: 'w1' }, value: 3 },
    { name: 'took_seconds_bucket', labels: { le: '0.5', instance: 'w1' }, value: 1 },
    { name: 'took_seconds_bucket', labels: { le: '+Inf', instance: 'w1' }, value: 1 },
    { name: 'took_seconds_sum', labels: { instance: 'w1' }, value: 0.2 },
    { name: 'took_seconds_count', labels: { instance: 'w1' }, value: 1 },
  ]);
});
