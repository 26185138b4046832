import { describe, expect, it } from 'vitest';
import { address, routeOf, TABS } from '../../dashboard/route.ts';

describe('routeOf', () => {
  it.each([
    ['', { page: 'list' }],
    ['#/', { page: 'list' }],
    ['#/somewhere/else', { page: 'list' }],
    ['#/new', { page: 'new' }],
    ['#/keys', { page: 'keys' }],
    ['#/experiments/', { page: 'list' }],
    ['#/experiments/a%2Fb/edit', { page: 'edit', id: 'a/b' }],
    ['#/experiments/%ff', { page: 'experiment', id: '%ff', tab: 'live' }],
    ['#/experiments/a/nowhere', { page: 'experiment', id: 'a', tab: 'live' }],
    ['#/experiments/a/reports/yesterday', { page: 'experiment', id: 'a', tab: 'reports' }],
  ])('reads %j', (hash, route) => expect(routeOf(hash)).toEqual(route));

  it('leads back to whatever has an address', () => {
    for (const tab of TABS)
      expect(routeOf(address.experiment('a b/ü', tab))).toEqual({ page: 'experiment', id: 'a b/ü', tab });
    expect(routeOf(address.edit('a/b'))).toEqual({ page: 'edit', id: 'a/b' });
    expect(routeOf(address.report('a', 1_768_478_400_123))).toEqual({
      page: 'experiment',
      id: 'a',
      tab: 'reports',
      report: 1_768_478_400_123,
    });
  });
});
