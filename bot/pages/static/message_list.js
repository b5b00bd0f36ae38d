// The messages in their order. Each is drawn again only when it changed, and in place.

import { element, morph } from "./dom.js";
import { messageElement } from "./message.js";
import { isMe, pendingMessage, withPending } from "./message_state.js";
import { word } from "./words.js";

const NEAR_END = 80; // pixels: whoever is this near to the end reads along
const GOES_ON = 5 * 60_000; // milliseconds within which the same author goes on speaking

export class MessageList {
  #box;
  #outbox;
  #toEnd;
  #messages = new Map();
  #drawn = new Map(); // id → { node, state }
  #unseen = false;
  #followed = true;

  constructor(box, toEnd, outbox) {
    this.#box = box;
    this.#toEnd = toEnd;
    this.#outbox = outbox;
    box.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    toEnd.addEventListener("click", () => this.showEnd());
    outbox.addEventListener("change", () => this.draw());
    new ResizeObserver(() => this.#followed && this.showEnd()).observe(box);
  }

  // Shows changes; returns how many messages of others are new.
  take({ messages, fresh }) {
    if (fresh) this.#messages.clear();
    let news = 0;
    for (const message of messages) {
      const known = this.#messages.get(message.id);
      if (!known && !fresh && !isMe(message.author)) news += 1;
      if (!known || known.change < message.change) this.#messages.set(message.id, message);
    }
    this.#unseen ||= news > 0;
    this.draw();
    return news;
  }

  get(id) {
    const message = this.#messages.get(id);
    return message && withPending(message, this.#outbox.pending());
  }

  myLast() {
    const mine = this.#inOrder().filter((message) => isMe(message.author) && !message.deleted && message.change);
    return mine.at(-1);
  }

  draw() {
    let before = null;
    const shown = this.#inOrder();
    const ids = new Set(shown.map((message) => message.id));
    for (const [id, { node }] of this.#drawn) {
      if (!ids.has(id)) {
        node.remove();
        this.#drawn.delete(id);
      }
    }
    for (const message of shown) {
      const node = this.#drawOne(message, placeAfter(before, message));
      const previous = before ? this.#drawn.get(before.id).node : null;
      if (node.previousElementSibling !== previous || !node.isConnected) {
        previous ? previous.after(node) : this.#box.prepend(node);
      }
      before = message;
    }
    this.#showEmptiness(shown.length === 0);
    if (this.#followed) this.showEnd();
    this.#offerEnd();
    // What stood here before one came in is not news to be read out.
    if (shown.length) requestAnimationFrame(() => this.#box.setAttribute("aria-live", "polite"));
  }

  showEnd() {
    this.#box.scrollTop = this.#box.scrollHeight;
    this.#followed = true;
    this.#unseen = false;
    this.#offerEnd();
  }

  show(id) {
    const node = this.#drawn.get(id)?.node;
    node?.scrollIntoView({ block: "center" });
    node?.focus({ preventScroll: true });
  }

  step(from, by) {
    const nodes = [...this.#box.querySelectorAll(".message")];
    const at = nodes.indexOf(from?.closest(".message"));
    const next = at < 0 ? nodes.at(-1) : nodes[at + by];
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
  }

  #inOrder() {
    const ops = this.#outbox.pending();
    const known = [...this.#messages.values()].sort((one, other) => one.id - other.id);
    const mine = new Set(known.filter((message) => isMe(message.author)).map((message) => message.key));
    const said = ops.filter((op) => op.op === "say" && !mine.has(op.key)).map(pendingMessage);
    return [...known.map((message) => withPending(message, ops)), ...said].map((message) => this.#quoting(message));
  }

  // A quotation says what the quoted message says now, where that is known here.
  #quoting(message) {
    const quoted = message.reply_to && this.#messages.get(message.reply_to.id);
    if (!quoted) return message;
    const excerpt = (quoted.card?.title ?? quoted.text).slice(0, 90);
    return { ...message, reply_to: { id: quoted.id, author: quoted.author, excerpt, deleted: quoted.deleted } };
  }

  #drawOne(message, place) {
    const state = JSON.stringify([message, place]);
    const drawn = this.#drawn.get(message.id);
    if (drawn?.state === state) return drawn.node;
    const fresh = messageElement(message, place);
    if (drawn) morph(drawn.node, fresh);
    const node = drawn?.node ?? fresh;
    this.#drawn.set(message.id, { node, state });
    return node;
  }

  #showEmptiness(empty) {
    const hint = this.#box.querySelector(".empty");
    if (empty && !hint) this.#box.append(element("p", { class: "empty" }, word("empty")));
    if (!empty) hint?.remove();
  }

  #scrolled() {
    this.#followed = this.#box.scrollHeight - this.#box.scrollTop - this.#box.clientHeight < NEAR_END;
    if (this.#followed) this.#unseen = false;
    this.#offerEnd();
  }

  #offerEnd() {
    this.#toEnd.hidden = this.#followed;
    this.#toEnd.textContent = word(this.#unseen ? "new_messages" : "to_end");
    this.#toEnd.classList.toggle("unseen", this.#unseen);
  }
}

function placeAfter(before, message) {
  const startsDay = !before || dayOf(before) !== dayOf(message);
  const gap = before ? new Date(message.posted_at) - new Date(before.posted_at) : Infinity;
  const sameAuthor = before?.author?.id === message.author?.id;
  return { startsDay, continues: !startsDay && sameAuthor && gap < GOES_ON && !message.card && !message.reply_to };
}

function dayOf(message) {
  return new Date(message.posted_at).toDateString();
}
