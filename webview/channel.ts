// SPDX-License-Identifier: Apache-2.0
import {
  type EvidencePage,
  type HostMessage,
  hostMessageSchema,
  type PageMessage,
  type PanelState,
  panelStateSchema,
  PROTOCOL_VERSION,
} from '../src/core/protocol/panel.ts';

/** What VS Code gives a page, once. */
export interface VsCodeApi {
  postMessage: (message: unknown) => void;
  getState(): unknown;
  setState(state: unknown): void;
}

type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
type Request = Extract<PageMessage, { type: 'rows' | 'detail' | 'locate' | 'evidence' | 'evidenceItem' }>;
type Answer = Extract<HostMessage, { id: number }>;
interface AnswerOf {
  rows: Extract<HostMessage, { type: 'rowsPage' }>;
  detail: Extract<HostMessage, { type: 'detailOf' }>;
  locate: Extract<HostMessage, { type: 'located' }>;
  evidence: EvidencePage;
  evidenceItem: Extract<HostMessage, { type: 'evidenceItemOf' }>;
}
const ANSWERS = {
  rows: 'rowsPage',
  detail: 'detailOf',
  locate: 'located',
  evidence: 'evidenceOf',
  evidenceItem: 'evidenceItemOf',
} as const;

/** After this long without an answer a request is given up. */
const TIMEOUT = 30_000;

/** The page's end of the protocol: every message is checked, every request has an id and ends. */
export class Channel {
  readonly #api: VsCodeApi;
  readonly #send: (message: unknown) => void;
  readonly #waiting = new Map<number, { settle: (answer: Answer) => void; answer: Answer['type'] }>();
  #nextId = 1;

  constructor(api: VsCodeApi, onMessage: (message: HostMessage) => void) {
    this.#api = api;
    this.#send = (message) => api.postMessage.call(api, message);
    window.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      const parsed = hostMessageSchema.safeParse(data);
      if (!parsed.success) {
        const [issue] = parsed.error.issues;
        console.warn(`Waybill: a message was dropped: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`);
        return;
      }
      const message = parsed.data;
      if ('id' in message) this.#settle(message);
      else onMessage(message);
    });
  }

  post(message: Without<Exclude<PageMessage, Request>, 'v'>): void {
    this.#send({ v: PROTOCOL_VERSION, ...message });
  }

  /** Ask, and get the answer; null where none came in time. */
  ask<T extends Request['type']>(
    message: Without<Extract<Request, { type: T }>, 'v' | 'id'> & { type: T },
  ): Promise<AnswerOf[T] | null> {
    const id = this.#nextId++;
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        console.warn(`Waybill: no answer to ${message.type} within ${TIMEOUT / 1000} s`);
        resolve(null);
      }, TIMEOUT);
      this.#waiting.set(id, {
        answer: ANSWERS[message.type],
        settle: (answer) => {
          clearTimeout(timer);
          resolve(answer as AnswerOf[T]);
        },
      });
      this.#send({ v: PROTOCOL_VERSION, id, ...message });
    });
  }

  /** What was kept before a reload; null where there is nothing, or nothing that can be read. */
  loadState(): PanelState | null {
    const parsed = panelStateSchema.safeParse(this.#api.getState());
    return parsed.success ? parsed.data : null;
  }

  saveState(state: PanelState): void {
    this.#api.setState(state);
  }

  #settle(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id);
    if (waiting === undefined || waiting.answer !== answer.type) {
      console.warn(`Waybill: an answer to nothing was dropped: ${answer.type}`);
      return;
    }
    this.#waiting.delete(answer.id);
    waiting.settle(answer);
  }
}
