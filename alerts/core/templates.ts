import type { Ticket } from '../../contract/tickets.ts';
import { type Language, momentWords, reasonWords } from './words.ts';

type Data = Readonly<Record<string, unknown>>;
type Template = { readonly [L in Language]: (ticket: Ticket, data: Data, time: (value: unknown) => string) => string };

const COMPONENT_ZH: Readonly<Record<string, string>> = {
  printer: '打印机',
  battery: '电池',
  network: '网络',
  reader: '读卡器',
  system: '系统',
};
const SEVERITY_ZH: Readonly<Record<string, string>> = { watch: '关注', warning: '警告', critical: '严重' };
const METHOD_ZH: Readonly<Record<string, string>> = {
  phone: '电话指导',
  remote: '远程维修',
  onsite: '上门维修',
  mail_in: '寄修',
  replacement: '更换',
};

function where(ticket: Ticket): string {
  return ticket.site ? `${ticket.subject} (${ticket.site})` : ticket.subject;
}

function part(ticket: Ticket): string {
  return ticket.component ? (COMPONENT_ZH[ticket.component] ?? ticket.component) : '终端';
}

/** Headline of each notice, by template and language. */
export const TEMPLATES: Readonly<Record<string, Template>> = {
  opened: {
    en: (t) => `New ${t.severity} ticket: ${t.title}`,
    zh: (t) => `新工单（${SEVERITY_ZH[t.severity]}）：${where(t)} ${part(t)}`,
  },
  report_received: { en: (t) => `We have your report: ${t.title}`, zh: (t) => `已收到您的报修：${where(t)}` },
  reported_too: {
    en: (t, d) => `${t.id} was reported by a person too: ${d.symptom}`,
    zh: (t, d) => `${t.id} 商户也已报修：${d.symptom}`,
  },
  raised: {
    en: (t) => `Raised to ${t.severity}: ${t.title}`,
    zh: (t) => `级别升至${SEVERITY_ZH[t.severity]}：${where(t)}`,
  },
  reopened: { en: (t) => `Reopened: ${t.title}`, zh: (t) => `工单重新打开：${where(t)}` },
  decided: {
    en: (t) => `How ${where(t)} will be dealt with: ${t.decision?.method.replaceAll('_', ' ')}`,
    zh: (t) => `${where(t)} 的处理方式：${METHOD_ZH[t.decision?.method ?? ''] ?? ''}`,
  },
  quote_wanted: { en: (t) => `A quote is wanted: ${t.title}`, zh: (t) => `需要报价：${where(t)}` },
  quote: {
    en: (_t, d) => `A quote waits for your answer: ${(Number(d.amount) / 100).toFixed(2)} ${d.currency}`,
    zh: (_t, d) => `报价待您确认：${(Number(d.amount) / 100).toFixed(2)} ${d.currency}`,
  },
  consented: { en: (t) => `The merchant agreed to the quote: ${t.title}`, zh: (t) => `商户已同意报价：${where(t)}` },
  quote_refused: { en: (t) => `The merchant refused the quote: ${t.title}`, zh: (t) => `商户拒绝报价：${where(t)}` },
  loan: { en: (t) => `Loaner ${t.loan?.asset} was delivered`, zh: (t) => `备用机 ${t.loan?.asset} 已送达` },
  appointment: {
    en: (_t, d, time) => `Appointment: ${time(d.from)} to ${time(d.to)}`,
    zh: (_t, d, time) => `预约时间：${time(d.from)} 至 ${time(d.to)}`,
  },
  shipped: {
    en: (_t, d) => `On its way, tracking number ${d.tracking}`,
    zh: (_t, d) => `已寄出，运单号 ${d.tracking}`,
  },
  repair_started: { en: (t) => `Work has begun on ${where(t)}`, zh: (t) => `${where(t)} 已开始维修` },
  progress: { en: (_t, d) => `Progress: ${d.note}`, zh: (_t, d) => `维修进度：${d.note}` },
  back_to_repair: { en: (t) => `The acceptance test failed: ${t.title}`, zh: (t) => `验收未通过：${where(t)}` },
  repaired: { en: (t) => `${where(t)} is repaired`, zh: (t) => `${where(t)} 已修好` },
  closed: { en: (t) => `Closed: ${t.title}`, zh: (t) => `工单已关闭：${where(t)}` },
  cancelled: { en: (t) => `Cancelled: ${t.title}`, zh: (t) => `工单已取消：${where(t)}` },
  outcome_wanted: {
    en: (t) => `What was it? Please record the outcome of ${t.id}`,
    zh: (t) => `请填写 ${t.id} 的处理结果：部件是否真的有故障`,
  },
  rate: { en: (t) => `How did we do? Please rate ${t.id}`, zh: (t) => `请为 ${t.id} 评分：态度、速度、结果` },
  bad_mark: { en: (t) => `A bad mark reopened ${t.id}`, zh: (t) => `差评，${t.id} 已重新打开` },
  assigned: { en: (t) => `Assigned to you: ${t.title}`, zh: (t) => `新派单：${where(t)} ${part(t)}` },
  taken_away: { en: (t) => `No longer yours: ${t.title}`, zh: (t) => `工单已转走：${where(t)}` },
  comment: { en: (t) => `The merchant wrote on ${t.id}`, zh: (t) => `商户在 ${t.id} 留言` },
  merchant_asked: { en: (_t, d) => `We need to know: ${d.question}`, zh: (_t, d) => `需要您回复：${d.question}` },
  complaint: { en: (t) => `Complaint on ${t.id}`, zh: (t) => `${t.id} 收到投诉` },
  complaint_settled: { en: (t) => `Your complaint on ${t.id} was settled`, zh: (t) => `${t.id} 的投诉已处理` },
  escalated: { en: (t) => `Escalated: ${t.title}`, zh: (t) => `工单升级：${where(t)}` },
  clock_warning: {
    en: (t, d) => `${t.id}: the ${d.clock} time runs out soon`,
    zh: (t, d) => `${t.id}：${d.clock === 'response' ? '响应' : '修复'}时限将到`,
  },
  clock_breach: {
    en: (t, d) => `${t.id}: the ${d.clock} time was missed`,
    zh: (t, d) => `${t.id}：${d.clock === 'response' ? '响应' : '修复'}超时`,
  },
  lost: {
    en: (t, d) => `${where(t)} was reported ${d.how}: locked`,
    zh: (t, d) => `${where(t)} ${d.how === 'stolen' ? '被盗' : '丢失'}，已锁定`,
  },
  unlocked: { en: (t) => `${where(t)} is unlocked`, zh: (t) => `${where(t)} 已解锁` },
  review_wanted: {
    en: (t) => `A deactivation waits for review: ${where(t)}`,
    zh: (t) => `停用申请待审核：${where(t)}`,
  },
  deactivation_approved: {
    en: (t, d, time) => `${where(t)} will be deactivated from ${time(d.from)}`,
    zh: (t, d, time) => `${where(t)} 将于 ${time(d.from)} 停用`,
  },
  deactivation_refused: {
    en: (_t, d) => `The deactivation was refused: ${d.why}`,
    zh: (_t, d) => `停用申请未通过：${d.why}`,
  },
  deactivated: { en: (t) => `${where(t)} is deactivated`, zh: (t) => `${where(t)} 已停用` },
  reactivation_wanted: { en: (t) => `Reactivation asked for: ${where(t)}`, zh: (t) => `申请重新启用：${where(t)}` },
  reactivation_notice: { en: (t) => `${where(t)} will be reactivated`, zh: (t) => `${where(t)} 即将重新启用` },
  check_due: { en: (t) => `Check due: ${t.title}`, zh: (t) => `保养到期：${where(t)}` },
  reorder: {
    en: (_t, d) => `Reorder ${d.part}: ${d.onHand} left`,
    zh: (_t, d) => `请补货 ${d.part}：剩余 ${d.onHand}`,
  },
  rollout_halted: {
    en: (_t, d) => `Rollout ${d.rollout} halted: ${d.why}`,
    zh: (_t, d) => `升级 ${d.rollout} 已自动停止：${d.why}`,
  },
};

/** Title and body of a notice in a language, with times in the zone where the terminal stands; an unknown template is told by its name rather than not at all. */
export function render(
  template: string,
  ticket: Ticket,
  data: Data,
  language: Language,
  zone: string | null,
): { title: string; body: string } {
  const time = (value: unknown): string => (typeof value === 'number' ? momentWords(value, zone, language) : '');
  const title =
    TEMPLATES[template]?.[language](ticket, data, time) ?? `${template.replaceAll('_', ' ')}: ${ticket.title}`;
  const evidence = ticket.finding?.evidence.map((item) => `- ${reasonWords(item, language)}`) ?? [];
  const lines =
    language === 'zh'
      ? [`工单 ${ticket.id}，终端 ${where(ticket)}`, ticket.eta ? `预计 ${time(ticket.eta.dueAt)} 前处理完` : '']
      : [
          `Ticket ${ticket.id}, ${where(ticket)}`,
          ticket.eta ? `Expected to be dealt with by ${time(ticket.eta.dueAt)}` : '',
        ];
  return { title, body: [...lines.filter(Boolean), ...evidence].join('\n') };
}
