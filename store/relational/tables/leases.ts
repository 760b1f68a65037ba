export interface WorkerRow {
  room: string;
  worker: string;
  expires_at: number;
}

export interface LeaseRow {
  room: string;
  unit: string;
  worker: string;
  epoch: number;
  expires_at: number;
}

export interface LeaseTables {
  cluster_worker: WorkerRow;
  cluster_lease: LeaseRow;
}
