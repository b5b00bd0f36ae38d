// The emojis below a message: who reacted with what, and the palette to choose from.

import { element } from "./dom.js";
import { isMe } from "./message_state.js";
import { labelOf, namesOf, settings, word } from "./words.js";

export function pills(message) {
  return message.reactions.map((pill) => {
    const mine = pill.people.some(isMe);
    const people = pill.bot ? [{ id: 0, name: settings.bot }, ...pill.people] : pill.people;
    const label = word("reaction", { label: labelOf(pill.emoji), names: namesOf(people) });
    return element(
      "button",
      {
        type: "button",
        class: pill.people.length ? "pill" : "pill of-bot",
        "data-key": `pill-${pill.emoji}`,
        "data-action": "toggle",
        "data-emoji": pill.emoji,
        "aria-pressed": String(mine),
        "aria-label": label,
        title: label,
      },
      element("span", { class: "emoji", "aria-hidden": "true" }, pill.emoji),
      element("span", { class: "count", "aria-hidden": "true" }, String(people.length)),
    );
  });
}

// One palette for the whole room, put into the message that asked for it.
export class Palette {
  #choose;
  #opener = null;
  #menu;

  constructor(choose) {
    this.#choose = choose;
    this.#menu = element(
      "div",
      { class: "palette", role: "group", "aria-label": word("pick") },
      ...settings.palette.map(({ emoji, label }) =>
        element("button", { type: "button", "data-emoji": emoji, "aria-label": label, title: label }, emoji),
      ),
    );
    this.#menu.addEventListener("click", (event) => this.#clicked(event));
    this.#menu.addEventListener("keydown", (event) => this.#pressed(event));
    document.addEventListener("pointerdown", (event) => {
      if (this.#opener && !this.#menu.contains(event.target) && event.target !== this.#opener) this.close();
    });
  }

  toggle(opener, messageId) {
    const wasOpenHere = this.#opener === opener;
    this.close();
    if (wasOpenHere) return;
    this.#opener = opener;
    opener.setAttribute("aria-expanded", "true");
    this.#menu.dataset.message = messageId;
    document.body.append(this.#menu);
    this.#place();
    this.#menu.querySelector("button").focus();
  }

  close() {
    if (!this.#opener) return;
    const heldFocus = this.#menu.contains(document.activeElement);
    this.#menu.remove();
    this.#opener.setAttribute("aria-expanded", "false");
    if (heldFocus) this.#opener.focus();
    this.#opener = null;
  }

  #place() {
    const near = this.#opener.getBoundingClientRect();
    const { width, height } = this.#menu.getBoundingClientRect();
    const left = Math.max(8, Math.min(near.left, innerWidth - width - 8));
    const top = near.top > height + 8 ? near.top - height - 6 : near.bottom + 6;
    this.#menu.style.left = `${left}px`;
    this.#menu.style.top = `${top}px`;
  }

  #clicked(event) {
    const emoji = event.target.closest("[data-emoji]")?.dataset.emoji;
    if (!emoji) return;
    const messageId = Number(this.#menu.dataset.message);
    this.close();
    this.#choose(messageId, emoji);
  }

  #pressed(event) {
    const buttons = [...this.#menu.children];
    const at = buttons.indexOf(document.activeElement);
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step) buttons[(at + step + buttons.length) % buttons.length].focus();
    else if (event.key === "Escape" || event.key === "Tab") this.close();
    else return;
    event.preventDefault();
  }
}
