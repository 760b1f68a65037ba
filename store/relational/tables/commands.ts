export interface CommandRow {
  tenant: string;
  terminal: string;
  id: string;
  body: string;
  sent_at: number;
  expires_at: number;
  result: string | null;
  result_at: number | null;
}

export interface CommandTables {
  command: CommandRow;
}
