// The socket to the room. It comes back by itself, asks for what it missed, and sends the outbox in order:
// one op at a time, for reactions are states and the last one sent must be the last one stored.

const SHORTEST_WAIT = 500; // milliseconds, doubled after each failure
const LONGEST_WAIT = 20_000;
const PING_EVERY = 20_000;
const PATIENCE = 10_000; // milliseconds without an answer before a connection counts as lost

export class Connection extends EventTarget {
  #outbox;
  #socket = null;
  #since = 0;
  #failures = 0;
  #sent = null;
  #retry = null;
  #waiting = null;

  constructor(outbox) {
    super();
    this.#outbox = outbox;
    outbox.addEventListener("change", () => this.#send());
    addEventListener("online", () => this.#reconnectNow());
    setInterval(() => this.#ping(), PING_EVERY);
  }

  open() {
    clearTimeout(this.#retry);
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/socket`);
    this.#socket = socket;
    this.#expectAnswer();
    socket.onopen = () => this.#opened();
    socket.onmessage = (frame) => this.#hear(JSON.parse(frame.data));
    socket.onclose = () => this.#closed(socket);
  }

  #opened() {
    this.#sent = null;
    this.#socket.send(JSON.stringify({ op: "hello", since: this.#since }));
    this.#tell("online");
    this.#send();
  }

  #closed(socket) {
    if (socket !== this.#socket) return;
    clearTimeout(this.#waiting);
    this.#socket = null;
    this.#failures += 1;
    const wait = Math.min(LONGEST_WAIT, SHORTEST_WAIT * 2 ** (this.#failures - 1));
    this.#retry = setTimeout(() => this.open(), wait * (0.5 + Math.random() / 2));
    this.#tell("offline", { failures: this.#failures });
  }

  #reconnectNow() {
    if (this.#socket === null) this.open();
  }

  #hear(frame) {
    clearTimeout(this.#waiting);
    this.#failures = 0;
    if (frame.op === "changes") {
      this.#since = frame.change;
      this.#outbox.seen(frame.change);
    } else if (frame.op === "stored") {
      this.#settle(() => this.#outbox.store(frame.key, frame.change <= this.#since ? 0 : frame.change));
      this.#outbox.seen(this.#since);
    } else if (frame.op === "refused" && frame.retry !== null) {
      this.#sendLater(frame.retry * 1000);
    } else if (frame.op === "refused") {
      const op = frame.key ?? this.#sent;
      this.#settle(() => (frame.refused = this.#outbox.drop(op)));
    }
    this.#tell(frame.op, frame);
  }

  #settle(change) {
    this.#sent = null;
    change();
  }

  #send() {
    const op = this.#outbox.first();
    if (!op || this.#sent || this.#socket?.readyState !== WebSocket.OPEN) return;
    this.#sent = op.key;
    this.#socket.send(JSON.stringify(op));
    this.#expectAnswer();
  }

  // After a reconnection the op is on its way again already.
  #sendLater(wait) {
    const socket = this.#socket;
    setTimeout(() => socket === this.#socket && this.#settle(() => this.#send()), wait);
  }

  #ping() {
    if (this.#socket?.readyState !== WebSocket.OPEN) return;
    this.#socket.send(JSON.stringify({ op: "ping" }));
    this.#expectAnswer();
  }

  // A laptop that slept has a socket that looks open and is dead.
  #expectAnswer() {
    const socket = this.#socket;
    clearTimeout(this.#waiting);
    this.#waiting = setTimeout(() => {
      socket.onclose = null;
      socket.close();
      this.#closed(socket);
    }, PATIENCE);
  }

  #tell(name, detail = {}) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
