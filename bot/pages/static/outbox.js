// What this person did and the room has not confirmed: kept over reloads and sent again until it is stored.

export class Outbox extends EventTarget {
  #place;
  #ops;
  #stored = new Map(); // key → op that is on disk, shown from here until its change has come back

  constructor(curatorId) {
    super();
    this.#place = `copydesk-outbox-${curatorId}`;
    this.#ops = JSON.parse(sessionStorage.getItem(this.#place) ?? "[]");
  }

  add(op) {
    this.#ops.push({ ...op, key: crypto.getRandomValues(new Uint32Array(4)).join("-"), at: Date.now() });
    this.#save();
  }

  first() {
    return this.#ops[0];
  }

  // The ops whose effect the messages do not show yet, in the order done.
  pending() {
    return [...[...this.#stored.values()].map((kept) => kept.op), ...this.#ops];
  }

  store(key, change) {
    const op = this.#take(key);
    if (op) this.#stored.set(key, { op, change });
    this.#save();
  }

  drop(key) {
    const op = this.#take(key);
    this.#save();
    return op;
  }

  // Every change up to this one is on the screen now.
  seen(change) {
    for (const [key, kept] of this.#stored) {
      if (kept.change <= change) this.#stored.delete(key);
    }
  }

  #take(key) {
    const index = this.#ops.findIndex((op) => op.key === key);
    return index < 0 ? undefined : this.#ops.splice(index, 1)[0];
  }

  #save() {
    sessionStorage.setItem(this.#place, JSON.stringify(this.#ops));
    this.dispatchEvent(new Event("change"));
  }
}
