// @ts-check
// Asking the server, and what it says when it can't.

/** An answer that is not the one hoped for. */
export class Refused extends Error {
  /** @param {number} status @param {string} message */
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/**
 * Fetches JSON.
 * @param {string} path
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 * @throws {Refused} with the sentence of the server's problem
 */
export function get(path, signal) {
  return ask(path, { signal, headers: { Accept: 'application/json' } });
}

/**
 * Changes something.
 * @param {string} path
 * @param {any} body
 * @returns {Promise<any>}
 * @throws {Refused} with the sentence of the server's problem
 */
export function patch(path, body) {
  return ask(path, { method: 'PATCH', headers: { Accept: 'application/json', 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
}

/**
 * Makes something.
 * @param {string} path
 * @param {any} body
 * @returns {Promise<any>}
 * @throws {Refused} with the sentence of the server's problem
 */
export function post(path, body) {
  return ask(path, { method: 'POST', headers: { Accept: 'application/json', 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
}

/** @param {string} path @param {RequestInit} how */
async function ask(path, how) {
  const answer = await fetch(path, { credentials: 'same-origin', ...how });
  if (answer.ok) return answer.json();
  throw new Refused(answer.status, await whyNot(answer));
}

/** What an answer that isn't a good one says of why. @param {Response} answer */
export async function whyNot(answer) {
  const why = `HTTP ${answer.status}`;
  try {
    const problem = await answer.json();
    return String(problem.detail || problem.title || why);
  } catch {
    return why; // a proxy's page says nothing more than its status
  }
}

/** Whether an error only says that nobody waits for the answer any more. @param {unknown} error */
export function aborted(error) {
  return error instanceof DOMException && error.name === 'AbortError';
}
