import { createDeadLetterRepository } from '../../store/relational/repositories/dead-letters.ts';
import { describeEachRelational } from '../support/each-relational.ts';
import { deadLetterSuite } from './dead-letters.ts';

describeEachRelational('DeadLetterRepository', (open) => {
  deadLetterSuite(async () => createDeadLetterRepository(await open()));
});
