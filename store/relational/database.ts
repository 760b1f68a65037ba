/** All tables. Each room's tables stand in `tables/<name>.ts` as an interface `{ table_name: Row }` that this one extends. */
// biome-ignore lint/suspicious/noEmptyInterface: rooms extend it
export interface Database {}
