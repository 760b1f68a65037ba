import { createCheckpointStore } from '../../store/relational/repositories/checkpoints.ts';
import { createFindingStore } from '../../store/relational/repositories/findings.ts';
import { createOpinionStore } from '../../store/relational/repositories/opinions.ts';
import { describeEachRelational } from '../support/each-relational.ts';
import { findingStoreSuite } from './findings.ts';

describeEachRelational('findings, checkpoints and opinions', (open) => {
  findingStoreSuite(async () => {
    const relational = await open();
    return {
      findings: createFindingStore(relational),
      checkpoints: createCheckpointStore(relational),
      opinions: createOpinionStore(relational),
    };
  });
});
