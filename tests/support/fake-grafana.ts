import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FakeGrafana {
  readonly url: string;
  /** Dashboards by uid, as they were posted last. */
  readonly dashboards: ReadonlyMap<
    string,
    { readonly folderUid: string; readonly title: string; readonly version: number }
  >;
  readonly ruleGroups: ReadonlyMap<string, readonly Record<string, unknown>[]>;
  readonly folders: readonly string[];
  stop(): Promise<void>;
}

interface Posted {
  readonly dashboard: { readonly uid: string; readonly title: string; readonly id: null; readonly panels: unknown[] };
  readonly folderUid: string;
  readonly overwrite: boolean;
}

/**
 * The part of Grafana's HTTP API that dashboards are pushed by, in the shape that its documentation gives (folders, dashboards/db,
 * provisioning rule groups). A stand-in: no Grafana runs here. It refuses what Grafana is documented to refuse.
 */
export async function startFakeGrafana(token: string): Promise<FakeGrafana> {
  const folders: string[] = [];
  const dashboards = new Map<string, { folderUid: string; title: string; version: number }>();
  const ruleGroups = new Map<string, Record<string, unknown>[]>();

  const answer = (method: string, path: string, body: unknown): readonly [number, unknown] => {
    if (method === 'GET' && path.startsWith('/api/folders/')) {
      const uid = path.slice('/api/folders/'.length);
      return folders.includes(uid) ? [200, { uid }] : [404, { message: 'folder not found', status: 'not-found' }];
    }
    if (method === 'POST' && path === '/api/folders') {
      const { uid, title } = body as { uid: string; title: string };
      if (folders.includes(uid)) return [412, { message: 'a folder with the same uid already exists' }];
      folders.push(uid);
      return [200, { id: folders.length, uid, title, version: 1 }];
    }
    if (method === 'POST' && path === '/api/dashboards/db') {
      const { dashboard, folderUid, overwrite } = body as Posted;
      if (!folders.includes(folderUid)) return [400, { message: 'folder not found' }];
      if (!/^[a-zA-Z0-9_-]{1,40}$/.test(dashboard.uid)) return [400, { message: 'uid contains illegal characters' }];
      const before = dashboards.get(dashboard.uid);
      if (before && !overwrite) return [412, { status: 'version-mismatch' }];
      const version = (before?.version ?? 0) + 1;
      dashboards.set(dashboard.uid, { folderUid, title: dashboard.title, version });
      return [200, { id: 1, uid: dashboard.uid, url: `/d/${dashboard.uid}/x`, status: 'success', version }];
    }
    const group = /^\/api\/v1\/provisioning\/folder\/([^/]+)\/rule-groups\/([^/]+)$/.exec(path);
    if (method === 'PUT' && group) {
      const { interval, rules } = body as { interval: unknown; rules: Record<string, unknown>[] };
      if (typeof interval !== 'number' || !folders.includes(group[1]!)) return [400, { message: 'bad rule group' }];
      for (const rule of rules) {
        const refs = (rule.data as { refId: string }[]).map(({ refId }) => refId);
        if (!refs.includes(rule.condition as string)) return [400, { message: 'condition is not a refId' }];
      }
      ruleGroups.set(group[2]!, rules);
      return [200, body];
    }
    return [404, { message: 'not found' }];
  };

  const server: Server = createServer((request, response) => {
    void read(request).then((body) => {
      const [status, said] =
        request.headers.authorization === `Bearer ${token}`
          ? answer(request.method ?? '', request.url ?? '', body)
          : ([401, { message: 'Invalid API key' }] as const);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(said));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    folders,
    dashboards,
    ruleGroups,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

async function read(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  return text === '' ? undefined : JSON.parse(text);
}
