import { createRegistryRepository } from '../../store/relational/repositories/registry.ts';
import { describeEachRelational } from '../support/each-relational.ts';
import { registrySuite } from './registry.ts';

describeEachRelational('RegistryRepository', (open) => {
  registrySuite(async () => createRegistryRepository(await open()));
});
