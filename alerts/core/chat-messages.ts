import type { Notice } from '../../contract/ports/notifier.ts';
import type { ChatFlavour } from './notice-routes.ts';

function plain(notice: Notice): string {
  return [notice.title, notice.body, notice.url ?? ''].filter(Boolean).join('\n');
}

function markdown(notice: Notice): string {
  return [
    `### ${notice.title}`,
    notice.body.replaceAll('\n', '\n\n'),
    notice.url ? `[${String(notice.data.ticket)}](${notice.url})` : '',
  ]
    .filter(Boolean)
    .join('\n\n');
}

/** The body that each chat robot's webhook takes (their own pages of the incoming-webhook format). */
export function chatMessage(flavour: ChatFlavour, notice: Notice): Record<string, unknown> {
  switch (flavour) {
    case 'slack':
      return {
        text: `*${notice.title}*\n${notice.body}${notice.url ? `\n<${notice.url}|${String(notice.data.ticket)}>` : ''}`,
      };
    case 'teams':
      return {
        type: 'message',
        attachments: [
          {
            contentType: 'application/vnd.microsoft.card.adaptive',
            content: {
              $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
              type: 'AdaptiveCard',
              version: '1.4',
              body: [
                { type: 'TextBlock', text: notice.title, weight: 'Bolder', wrap: true },
                { type: 'TextBlock', text: notice.body, wrap: true },
              ],
              ...(notice.url
                ? { actions: [{ type: 'Action.OpenUrl', title: String(notice.data.ticket), url: notice.url }] }
                : {}),
            },
          },
        ],
      };
    case 'wecom':
      return { msgtype: 'markdown', markdown: { content: markdown(notice).slice(0, 4_000) } };
    case 'dingtalk':
      return { msgtype: 'markdown', markdown: { title: notice.title, text: markdown(notice) } };
    case 'feishu':
      return { msg_type: 'text', content: { text: plain(notice) } };
  }
}

/** What the robot's answer says went wrong, for robots that answer 200 whatever happens; undefined: nothing did. */
export function chatFault(flavour: ChatFlavour, answer: string): string | undefined {
  if (flavour === 'slack' || flavour === 'teams') return undefined;
  let said: unknown;
  try {
    said = JSON.parse(answer);
  } catch {
    return `it answered ${answer.slice(0, 100) || 'nothing'}`;
  }
  if (typeof said !== 'object' || said === null) return 'it answered no object';
  const { errcode, errmsg, code, msg } = said as Record<string, unknown>;
  const number = flavour === 'feishu' ? code : errcode;
  return number === 0 || number === undefined ? undefined : `${String(number)}: ${String(errmsg ?? msg ?? '')}`;
}
