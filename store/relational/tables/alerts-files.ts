export interface AttachmentRow {
  tenant: string;
  /** SHA-256 of the bytes, hexadecimal. */
  id: string;
  type: string;
  size: number;
  at: number;
  bytes: Uint8Array;
}

export interface AlertsFileTables {
  alerts_file: AttachmentRow;
}
