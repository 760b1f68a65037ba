import type { HistoryEntry } from '../../contract/tickets.ts';

/** A step as a merchant reads it, in their language. */
export interface Told {
  readonly en: string;
  readonly zh: string;
}

const same = (en: string, zh: string) => (): Told => ({ en, zh });

function data(entry: HistoryEntry, key: string): string {
  const value = entry.data[key];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

const METHODS: Readonly<Record<string, Told>> = {
  phone: { en: 'guidance by phone', zh: '电话指导' },
  remote: { en: 'remote repair', zh: '远程维修' },
  onsite: { en: 'repair at your store', zh: '上门维修' },
  mail_in: { en: 'repair by mail', zh: '寄修' },
  replacement: { en: 'replacement', zh: '更换终端' },
};

/** The steps of a ticket that its merchant follows: the others are the workshop's own. */
const STEPS: Readonly<Record<string, (entry: HistoryEntry) => Told>> = {
  opened: (entry) => ({
    en: entry.text,
    zh: entry.by.role === 'system' ? '系统发现故障并已建立工单。' : '已收到您的报修。',
  }),
  add_report: (entry) => ({
    en: `Your report was added: ${data(entry, 'symptom')}`,
    zh: `已补充您的报修：${data(entry, 'symptom')}`,
  }),
  start_first_aid: same('First aid began: the guided steps.', '开始自助排查。'),
  first_aid_step: (entry) => ({
    en: entry.text,
    zh: `自助步骤“${data(entry, 'step')}”：${entry.data.result === 'helped' ? '已解决，继续观察' : entry.data.result === 'no_change' ? '没有变化' : '无法完成'}。`,
  }),
  decide: (entry) => {
    const method = METHODS[data(entry, 'method')] ?? { en: data(entry, 'method'), zh: data(entry, 'method') };
    return { en: `Decided: ${method.en}.`, zh: `处理方式：${method.zh}。` };
  },
  send_quote: (entry) => {
    const amount = `${(Number(entry.data.amount) / 100).toFixed(2)} ${data(entry, 'currency')}`;
    return { en: `A quote of ${amount} waits for your answer.`, zh: `报价 ${amount}，等待您确认。` };
  },
  consent: same('You agreed to the quote.', '您已同意报价。'),
  refuse_quote: same('You refused the quote; another way is looked for.', '您已拒绝报价，正在安排其他方式。'),
  assign: same('A service provider was chosen.', '已派单给服务商。'),
  book: (entry) => ({
    en: `An appointment was made${entry.data.place === 'service_point' ? ' at the service point' : ' at your store'}.`,
    zh: `已预约${entry.data.place === 'service_point' ? '到维修点' : '上门'}时间。`,
  }),
  ship: (entry) => ({
    en: `Sent, tracking number ${data(entry, 'tracking')}.`,
    zh: `已寄出，运单号 ${data(entry, 'tracking')}。`,
  }),
  received: (entry) => ({ en: `${data(entry, 'tracking')} arrived.`, zh: `运单 ${data(entry, 'tracking')} 已签收。` }),
  start_repair: same('The repair began.', '开始维修。'),
  progress: (entry) => ({ en: entry.text, zh: entry.text }),
  finish_repair: same('The repair is done; the terminal is being tested.', '维修完成，正在测试。'),
  deliver_loan: same('A spare terminal was delivered.', '备用机已送达。'),
  return_loan: same('The spare terminal was taken back.', '备用机已收回。'),
  telemetry_healthy: same('The test was passed.', '测试通过。'),
  telemetry_unhealthy: same('The test was not passed: back to repair.', '测试未通过，返回维修。'),
  sign_acceptance: (entry) => ({
    en: `${data(entry, 'by')} signed the acceptance.`,
    zh: `${data(entry, 'by')} 已签收验收单。`,
  }),
  wait_for_merchant: (entry) => ({ en: `We ask you: ${entry.why ?? ''}`, zh: `请您回复：${entry.why ?? ''}` }),
  attach_file: (entry) => ({ en: `File added: ${data(entry, 'name')}.`, zh: `已添加文件：${data(entry, 'name')}。` }),
  close: same('Closed.', '工单已关闭。'),
  follow_up_due: same('Please rate attitude, speed and result.', '请为服务态度、速度和结果评分。'),
  rate: same('You gave your marks.', '您已评分。'),
  reopen: same('Reopened.', '工单已重新打开。'),
  cancel: same('Cancelled.', '工单已取消。'),
  finding_cleared: same('The part is well again.', '部件已恢复正常。'),
  report_lost: same('Reported lost: locked at once.', '已挂失，终端立即锁定。'),
  police_report: same('The police report was noted.', '已登记报警回执。'),
  found: same('Found again; it is tested before it is unlocked.', '已找回，测试通过后解锁。'),
  complain: same('Your complaint was taken down.', '已登记您的投诉。'),
  settle_complaint: same('Your complaint was settled.', '您的投诉已处理。'),
  escalate: same('Handed on to somebody else, with what is known.', '已升级处理。'),
};

/** What a merchant is told of a step; undefined: it is not theirs to follow. */
export function tellMerchant(entry: HistoryEntry): Told | undefined {
  // A file that the workshop added stays there.
  if (entry.event === 'attach_file' && entry.by.role !== 'merchant') return undefined;
  return STEPS[entry.event]?.(entry);
}
