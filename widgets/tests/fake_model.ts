/* A model that remembers what was posted and lets a test play Python. */

import payments from "../dev/fixtures/payments.json";
import type { Model } from "../model";
import type { Post, Saved, Timeline, Traits, View } from "../protocol";

export const saved = payments as unknown as Saved;
export const viewAt = (step: number): View => structuredClone(saved.views[step]!);
export const timelineAt = (index: number): Timeline => structuredClone(saved.timelines[index]!);

export class FakeModel implements Model {
  readonly posted: Post[] = [];
  readonly listeners = new Map<string, Set<() => void>>();
  readonly traits: Record<string, unknown>;
  send?: (content: unknown) => void;

  constructor(traits: Partial<Traits> = {}, withSend = true) {
    this.traits = { ...structuredClone(saved.traits), read_only: false, ...traits };
    if (withSend) {
      delete this.traits["outbox"];
      this.send = (content) => void this.posted.push(structuredClone(content) as Post);
    }
  }

  get(name: string): unknown {
    return this.traits[name];
  }

  set(name: string, value: unknown): void {
    if (this.traits[name] === value) return;
    this.traits[name] = value;
    for (const callback of [...(this.listeners.get(`change:${name}`) ?? [])]) callback();
  }

  save_changes(): void {}

  on(event: string, callback: () => void): void {
    this.listeners.set(event, (this.listeners.get(event) ?? new Set()).add(callback));
  }

  off(event: string, callback: () => void): void {
    this.listeners.get(event)?.delete(callback);
  }

  get listenerCount(): number {
    return [...this.listeners.values()].reduce((sum, each) => sum + each.size, 0);
  }

  kinds(): string[] {
    return this.posted.map((post) => post.kind);
  }
}

export const settled = (): Promise<void> => new Promise((resolve) => queueMicrotask(resolve));

export function makePlace(): HTMLElement {
  const place = document.createElement("div");
  document.body.append(place);
  return place;
}

export function rootOf(place: HTMLElement): ShadowRoot {
  return place.firstElementChild!.shadowRoot!;
}

export function press(place: HTMLElement, key: string, target?: Element, more: KeyboardEventInit = {}): KeyboardEvent {
  const at = target ?? rootOf(place).querySelector("section")!;
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, composed: true, ...more });
  at.dispatchEvent(event);
  return event;
}
