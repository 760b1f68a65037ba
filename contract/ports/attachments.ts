import type { TenantId } from '../topics.ts';

export interface StoredFile {
  /** SHA-256 of the bytes, hexadecimal: the same file is kept once, whatever tickets it is attached to. */
  readonly id: string;
  /** Media type as the bytes themselves say, not as their sender did. */
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** The bytes of files attached to tickets, by tenant and content. Suite: `tests/ports/attachments.test.ts`. */
export interface AttachmentStore {
  /** Keeps a file; one that is there already is left as it is. */
  put(tenant: TenantId, file: StoredFile, at: number): Promise<void>;
  get(tenant: TenantId, id: string): Promise<StoredFile | undefined>;
}
