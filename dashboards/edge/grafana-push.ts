import { messageOf, TillwatchError } from '../../contract/errors.ts';
import { BOARDS } from '../grafana/boards/index.ts';
import { grafanaRuleGroups } from '../grafana/provisioning.ts';
import type { Language } from '../grafana/query.ts';
import { render } from '../grafana/render.ts';

export interface PushOptions {
  /** Grafana's address, with its sub-path if it has one. */
  readonly url: string;
  /** Token of a service account that may write dashboards (and alert rules). */
  readonly token: string;
  readonly language: Language;
  /** Uid of the datasource that alert rules ask; left out: rules are not pushed. */
  readonly rulesDatasource?: string;
  readonly timeoutMs?: number;
}

export interface Pushed {
  readonly dashboards: readonly { readonly uid: string; readonly url: string }[];
  readonly ruleGroups: readonly string[];
}

const FOLDER = { uid: 'tillwatch', title: 'Tillwatch' } as const;

/**
 * Puts the dashboards (and alert rules) into a Grafana over its HTTP API, in a folder of their own, over what is there of an earlier push:
 * https://grafana.com/docs/grafana/latest/developers/http_api/. Errors: `dashboards.grafana_unavailable` (retryable), `.grafana_refused`.
 */
export async function pushToGrafana(options: PushOptions): Promise<Pushed> {
  const api = new GrafanaApi(options);
  const folder = await api.ask('GET', `/api/folders/${FOLDER.uid}`, undefined, [200, 404]);
  if (folder.status === 404) await api.ask('POST', '/api/folders', FOLDER, [200]);
  const dashboards: { uid: string; url: string }[] = [];
  for (const board of BOARDS) {
    const { body } = await api.ask(
      'POST',
      '/api/dashboards/db',
      {
        // Known by its uid: the number is each Grafana's own.
        dashboard: { ...render(board, options.language), id: null },
        folderUid: FOLDER.uid,
        overwrite: true,
        message: 'tillwatch dashboards push',
      },
      [200],
    );
    const { uid, url } = body as { uid: string; url: string };
    dashboards.push({ uid, url });
  }
  const ruleGroups: string[] = [];
  if (options.rulesDatasource !== undefined) {
    for (const group of grafanaRuleGroups(options.language, options.rulesDatasource)) {
      const path = `/api/v1/provisioning/folder/${FOLDER.uid}/rule-groups/${group.name}`;
      const rules = group.rules.map((rule) => ({ ...rule, folderUID: FOLDER.uid, ruleGroup: group.name, orgID: 1 }));
      await api.ask('PUT', path, { title: group.name, folderUid: FOLDER.uid, interval: 60, rules }, [200]);
      ruleGroups.push(group.name);
    }
  }
  return { dashboards, ruleGroups };
}

class GrafanaApi {
  readonly #options: PushOptions;

  constructor(options: PushOptions) {
    this.#options = options;
  }

  async ask(
    method: string,
    path: string,
    body: unknown,
    expected: readonly number[],
  ): Promise<{ readonly status: number; readonly body: unknown }> {
    const { token, timeoutMs = 30_000 } = this.#options;
    const url = `${this.#options.url.replace(/\/$/, '')}${path}`;
    let response: Response;
    let text: string;
    try {
      response = await fetch(url, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', accept: 'application/json' },
        signal: AbortSignal.timeout(timeoutMs),
        // A Grafana that sends one to its sign-in page did not take the token.
        redirect: 'manual',
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      text = await response.text();
    } catch (error) {
      throw new TillwatchError('dashboards.grafana_unavailable', `${url}: ${messageOf(error)}`, {
        retryable: true,
        cause: error,
      });
    }
    if (!expected.includes(response.status)) {
      throw new TillwatchError('dashboards.grafana_refused', `${method} ${url}: ${reasonOf(response.status, text)}`, {
        context: { status: response.status },
      });
    }
    return { status: response.status, body: text === '' ? null : (JSON.parse(text) as unknown) };
  }
}

function reasonOf(status: number, text: string): string {
  switch (status) {
    case 401:
      return 'the token is not accepted: make one for a service account under Administration → Users and access';
    case 403:
      return 'the token’s service account may not write here: give it the role Editor';
    default:
      return `${status} ${text.slice(0, 300)}`;
  }
}
