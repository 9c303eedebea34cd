// A clock that stands still until it is told to move, and a source of events
// that says what it is told to say.

export function heldClock({ random = () => 0.5 } = {}) {
  let time = 1000;
  let next = 1;
  const timers = new Map();
  return {
    now: () => time,
    random,
    after(ms, f) {
      timers.set(next, { at: time + ms, f });
      return next++;
    },
    cancel: (id) => void timers.delete(id),
    pending: () => timers.size,
    /** Lets time pass; promises settle after every timer. */
    async pass(ms) {
      const end = time + ms;
      for (;;) {
        const due = [...timers].filter(([, t]) => t.at <= end).sort((a, b) => a[1].at - b[1].at)[0];
        if (!due) break;
        time = Math.max(time, due[1].at);
        timers.delete(due[0]);
        due[1].f();
        await settle();
      }
      time = end;
      await settle();
    },
  };
}

export async function settle() {
  for (let i = 0; i < 10; i++) await null;
}

/** What `makeSource` gives; `made` lists them all. */
export function sources() {
  const made = [];
  return {
    made,
    get last() {
      return made[made.length - 1];
    },
    get open() {
      return made.filter((s) => !s.closed).length;
    },
    make(url) {
      const listeners = {};
      const source = {
        url: new URL(url, 'http://agora.test'),
        closed: false,
        addEventListener: (type, f) => void (listeners[type] ||= []).push(f),
        close: () => void (source.closed = true),
        say(type, data, lastEventId = '') {
          for (const f of listeners[type] || []) f({ data: JSON.stringify(data), lastEventId });
        },
        sayRaw(type, data) {
          for (const f of listeners[type] || []) f({ data, lastEventId: '' });
        },
        fail() {
          for (const f of listeners.error || []) f({});
        },
      };
      made.push(source);
      return source;
    },
  };
}
