/* Whether a kernel is there to answer, where the host lets a widget see that. */

import type { Model } from "./model";

interface Signal {
  connect(slot: () => void): void;
  disconnect(slot: () => void): void;
}
interface Kernel {
  status?: string;
  connectionStatus?: string;
  statusChanged?: Signal;
  connectionStatusChanged?: Signal;
}
interface Manager {
  kernel?: Kernel | null;
}

export interface Connection {
  lost(): boolean;
  dispose(): void;
}

function kernelOf(model: Model): Kernel | null | undefined {
  const manager = model.widget_manager as Manager | undefined;
  if (manager === undefined || manager === null || !("kernel" in manager)) return undefined;
  return manager.kernel ?? null;
}

function isGone(kernel: Kernel | null): boolean {
  if (kernel === null) return true;
  return kernel.connectionStatus === "disconnected" || kernel.status === "dead" || kernel.status === "terminating";
}

/* A kernel that is started again has none of what the widget spoke with. */
const isStartedAgain = (kernel: Kernel | null | undefined): boolean => /restarting$/.test(kernel?.status ?? "");

export function watchConnection(model: Model, changed: () => void): Connection {
  const first = kernelOf(model);
  const signals = first ? [first.statusChanged, first.connectionStatusChanged] : [];
  let forGood = false;
  const lost = (): boolean => {
    const kernel = kernelOf(model);
    forGood ||= isStartedAgain(kernel);
    return forGood || (kernel !== undefined && isGone(kernel));
  };
  let gone = lost();
  const check = (): void => {
    const now = lost();
    if (now === gone) return;
    gone = now;
    changed();
  };
  for (const signal of signals) signal?.connect(check);
  return {
    lost,
    dispose: () => {
      for (const signal of signals) signal?.disconnect(check);
    },
  };
}
