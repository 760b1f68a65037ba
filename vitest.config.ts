import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Real servers and worker threads on a small machine: two files at a time is what two cores carry.
    maxWorkers: 2,
    projects: [
      { extends: true, test: { name: 'suite', include: ['tests/**/*.test.ts'], exclude: ['tests/faults/**'] } },
      {
        extends: true,
        test: {
          name: 'faults',
          include: ['tests/faults/**/*.test.ts'],
          exclude: ['tests/faults/**/*.long.test.ts'],
          testTimeout: 600_000,
          hookTimeout: 180_000,
        },
      },
      // Minutes each, and a dozen processes at once: run by `npm run test:faults` only.
      {
        extends: true,
        test: {
          name: 'long',
          include: ['tests/faults/**/*.long.test.ts'],
          testTimeout: 600_000,
          hookTimeout: 240_000,
          maxWorkers: 1,
        },
      },
    ],
  },
});
