// Where people write: a new message, a reply, or other words for a message of theirs.

import { Completion } from "./completion.js";
import { element } from "./dom.js";
import { settings, word } from "./words.js";

const LETTERS_ARE_SHORT = 500; // characters left from which on the composer says how many there are

export class Composer {
  #form;
  #field;
  #context;
  #button;
  #notice;
  #completion;
  #outbox;
  #aim = null; // { reply: message } or { edit: message }

  constructor(form, outbox, editLast) {
    this.#form = form;
    this.#outbox = outbox;
    this.#field = form.querySelector("textarea");
    this.#context = form.querySelector("#context");
    this.#button = form.querySelector("#send");
    this.#notice = form.querySelector("#notice");
    this.#completion = new Completion(this.#field, form.querySelector("#completion"), this.#notice);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    this.#field.addEventListener("keydown", (event) => this.#pressed(event, editLast));
    this.#field.addEventListener("input", () => this.#typed());
    this.#context.addEventListener("click", (event) => event.target.closest("button") && this.reset());
  }

  reply(message) {
    const name = message.author?.name ?? settings.bot;
    this.#begin({ reply: message }, word("replying", { name }), message.card?.title ?? message.text);
  }

  edit(message) {
    this.#begin({ edit: message }, word("editing"), "");
    this.#field.value = message.text;
    this.#field.select();
    this.#typed();
  }

  // Puts refused words back where they can be mended, unless something else is being written.
  restore(text) {
    if (this.#field.value) return;
    this.#field.value = text;
    this.#typed();
  }

  notify(text, isRefusal = false) {
    this.#notice.textContent = text;
    this.#notice.classList.toggle("refusal", isRefusal);
  }

  reset() {
    const wasEdit = this.#aim?.edit;
    this.#aim = null;
    this.#context.hidden = true;
    this.#button.textContent = word("send");
    if (wasEdit) this.#field.value = "";
    this.#typed();
    this.#field.focus();
  }

  #begin(aim, title, excerpt) {
    if (this.#aim?.edit) this.#field.value = "";
    this.#aim = aim;
    this.#context.replaceChildren(
      element("strong", {}, title),
      element("span", { class: "excerpt" }, excerpt.slice(0, 120)),
      element("button", { type: "button", class: "link-button" }, word("cancel")),
    );
    this.#context.hidden = false;
    this.#button.textContent = word(aim.edit ? "save" : "send");
    this.#field.focus();
  }

  #send() {
    const text = this.#field.value.trim();
    if (!text || text.length > settings.longest) return;
    const edited = this.#aim?.edit;
    if (!edited) this.#outbox.add({ op: "say", text, reply_to: this.#aim?.reply?.id ?? null });
    else if (text !== edited.text) this.#outbox.add({ op: "edit", message: edited.id, text });
    this.#field.value = "";
    this.#completion.close();
    this.notify("");
    this.reset();
  }

  #pressed(event, editLast) {
    // An input method's Enter takes a candidate; Safari reports it as key 229 after composition has ended.
    if (event.isComposing || event.keyCode === 229) return;
    if (!event.shiftKey && this.#completion.takesKey(event.key)) event.preventDefault();
    else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.#send();
    } else if (event.key === "Escape" && this.#aim) this.reset();
    else if (event.key === "ArrowUp" && !this.#field.value && !this.#aim) {
      event.preventDefault();
      editLast();
    }
  }

  #typed() {
    this.#field.style.height = "auto";
    this.#field.style.height = `${this.#field.scrollHeight + 2}px`;
    const left = settings.longest - this.#field.value.length;
    this.#form.classList.toggle("too-long", left < 0);
    if (left < LETTERS_ARE_SHORT) this.notify(String(left), left < 0);
    else if (/^-?\d+$/.test(this.#notice.textContent)) this.notify("");
  }
}
