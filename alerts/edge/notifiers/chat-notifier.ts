import { createHmac } from 'node:crypto';
import { TillwatchError } from '../../../contract/errors.ts';
import type { Clock } from '../../../contract/ports/clock.ts';
import type { Notifier } from '../../../contract/ports/notifier.ts';
import { chatFault, chatMessage } from '../../core/chat-messages.ts';
import type { ChatFlavour } from '../../core/notice-routes.ts';
import { post } from './post.ts';

export interface ChatSettings {
  readonly flavour: ChatFlavour;
  readonly url: string;
  /** DingTalk and Feishu sign what they are sent where the robot asks for it. */
  readonly secret?: string | null;
}

/** Tells a chat robot by its incoming webhook: Slack, Teams, WeCom, DingTalk, Feishu. */
export function createChatNotifier({ flavour, url, secret }: ChatSettings, clock: Clock): Notifier {
  function target(now: number): string {
    if (flavour !== 'dingtalk' || !secret) return url;
    const sign = createHmac('sha256', secret).update(`${now}\n${secret}`).digest('base64');
    const signed = new URL(url);
    signed.searchParams.set('timestamp', String(now));
    signed.searchParams.set('sign', sign);
    return signed.href;
  }

  function signature(now: number): Record<string, string> {
    if (flavour !== 'feishu' || !secret) return {};
    const timestamp = String(Math.floor(now / 1000));
    return { timestamp, sign: createHmac('sha256', `${timestamp}\n${secret}`).update('').digest('base64') };
  }

  return {
    name: flavour,
    async send(notice) {
      const now = clock.now();
      const body = JSON.stringify({ ...signature(now), ...chatMessage(flavour, notice) });
      const answer = await post(flavour, target(now), body, {});
      const fault = chatFault(flavour, answer);
      if (fault) throw new TillwatchError('notifier.refused', `${flavour} refused the message: ${fault}`);
    },
  };
}
