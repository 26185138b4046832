import { describe, expect, it } from 'vitest';
import { asTyped, dataFolder } from '../../local/installation/data-folder.ts';

describe('dataFolder', () => {
  it('is what the environment says, and .data beside the sources where it says nothing', () => {
    expect(dataFolder({ STEPLADDER_DATA: '/srv/my data' })).toBe('/srv/my data');
    const own = dataFolder({});
    expect(own).toMatch(/\.data$/);
    // A path and not an address: a clone in a folder with a space finds its data.
    expect(own).not.toMatch(/%/);
    expect(dataFolder({ STEPLADDER_DATA: '' })).toBe(own);
  });
});

describe('asTyped', () => {
  it.each([
    ['/home/ada/stepladder/.data', '/home/ada/stepladder', '.data'],
    ['/srv/data', '/home/ada/stepladder', '/srv/data'],
    ['/home/ada', '/home/ada', '.'],
  ])('says %s from %s as %s', (folder, here, typed) => {
    expect(asTyped(folder, here)).toBe(typed);
  });
});
