import { buildConsole } from '../dashboards/console/build.ts';

// A process of its own: the bundler's memory goes back when it ends, and the platform's thread stays free.
await buildConsole({ force: false });
