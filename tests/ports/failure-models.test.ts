import { createFailureModelStore } from '../../store/relational/repositories/failure-models.ts';
import { describeEachRelational } from '../support/each-relational.ts';
import { failureModelStoreSuite } from './failure-models.ts';

describeEachRelational('the store of learned models', (open) => {
  failureModelStoreSuite(async () => createFailureModelStore(await open()));
});
