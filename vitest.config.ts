import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // A busy machine is slow, not wrong: what is waited for may take long, and costs that time only where it never comes.
    expect: { poll: { timeout: 20_000 } },
    // Two workers: the suite is sized for two cores, and the engines of the contract suites need one of them.
    maxWorkers: 2,
    env: {
      // The SDK announces the end of Node 20 on every start; the README states the supported range instead.
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    },
    reporters: process.env.CI ? ['default', ['json', { outputFile: '.data/test-report.json' }]] : ['default'],
  },
});
