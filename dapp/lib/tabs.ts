/** What the open tabs of this browser tell each other. It passes through memory, and is kept nowhere. */

/** A channel between the tabs of this site. No tab hears itself. */
export interface Channel<T> {
  tell: (message: T) => void;
  /** @returns what ends it */
  hear: (listener: (message: T) => void) => () => void;
}

/** The channel of this name. To be asked for once in a tab: a second one of the same tab would hear the first. */
export function channelOf<T>(name: string): Channel<T> {
  const channel = new BroadcastChannel(name);
  return {
    tell: (message) => channel.postMessage(message),
    hear: (listener) => {
      const onMessage = ({ data }: MessageEvent<T>) => listener(data);
      channel.addEventListener("message", onMessage);
      return () => channel.removeEventListener("message", onMessage);
    },
  };
}

let own: Promise<string> | undefined;

/** What this tab is called. As long as it is open it holds a lock of that name (Web Locks), by which others know. */
export function ownTab(): Promise<string> {
  return (own ??= new Promise((resolve, reject) => {
    const tab = crypto.randomUUID();
    const held = navigator.locks.request(lockOf(tab), () => {
      resolve(tab);
      return new Promise<never>(() => undefined);
    });
    held.catch(reject);
  }));
}

/** Calls `act` once a tab that told its name is closed, has crashed or was loaded anew. */
export function whenGone(tab: string, act: () => void): void {
  void navigator.locks.request(lockOf(tab), act);
}

const lockOf = (tab: string) => `salus-tab/${tab}`;
