import Type from 'typebox';
import { ROLES } from '../../../../contract/principal.ts';

export const RoleSchema = Type.Enum([...ROLES]);
export const TenantsSchema = Type.Union(
  [Type.Literal('*'), Type.Array(Type.String({ maxLength: 32 }), { maxItems: 1_000 })],
  {
    description: 'tenant ids, or "*" for all',
  },
);
export const UserParams = Type.Object({ username: Type.String({ maxLength: 64 }) });
export const Time = Type.Integer({ description: 'ms since 1970 UTC' });
export const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
