// Completes a command while it is typed: the list of a combobox whose text field is the composer's.

import { element } from "./dom.js";
import { settings, word } from "./words.js";

export class Completion {
  #field;
  #list;
  #said;
  #found = [];
  #active = 0;

  constructor(field, list, said) {
    this.#field = field;
    this.#list = list;
    this.#said = said;
    field.addEventListener("input", () => this.#look());
    field.addEventListener("blur", () => this.close());
    list.addEventListener("pointerdown", (event) => this.#pointed(event));
  }

  get isOpen() {
    return !this.#list.hidden;
  }

  close() {
    this.#list.hidden = true;
    this.#field.setAttribute("aria-expanded", "false");
    this.#field.removeAttribute("aria-activedescendant");
  }

  // Tells whether the key was meant for the list.
  takesKey(key) {
    if (!this.isOpen) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[key];
    if (step) this.#activate((this.#active + step + this.#found.length) % this.#found.length);
    else if (key === "Escape") this.close();
    else if (key === "Tab" || (key === "Enter" && !this.#isComplete())) this.#accept(this.#active);
    else return false;
    return true;
  }

  #look() {
    const typed = this.#field.value;
    const isCommand = /^\/\S*$/.test(typed);
    this.#found = isCommand ? settings.commands.filter(({ usage }) => usage.startsWith(typed.toLowerCase())) : [];
    if (!this.#found.length) return this.close();
    this.#list.replaceChildren(...this.#found.map(option));
    this.#list.hidden = false;
    this.#field.setAttribute("aria-expanded", "true");
    this.#said.textContent = word("commands_found", { count: this.#found.length });
    this.#activate(0);
  }

  #activate(index) {
    this.#active = index;
    for (const [at, shown] of [...this.#list.children].entries()) {
      shown.setAttribute("aria-selected", String(at === index));
      if (at === index) shown.scrollIntoView({ block: "nearest" });
    }
    this.#field.setAttribute("aria-activedescendant", `command-${index}`);
  }

  #isComplete() {
    return commandOf(this.#found[this.#active]) === this.#field.value.trim();
  }

  #accept(index) {
    const chosen = this.#found[index];
    this.#field.value = commandOf(chosen) + (chosen.usage.includes(" ") ? " " : "");
    this.close();
    this.#said.textContent = chosen.usage;
    this.#field.dispatchEvent(new Event("completed"));
  }

  #pointed(event) {
    event.preventDefault(); // the field keeps the focus
    const index = [...this.#list.children].indexOf(event.target.closest("[role=option]"));
    if (index >= 0) this.#accept(index);
  }
}

function option({ usage, help }, index) {
  return element(
    "li",
    { role: "option", id: `command-${index}`, "aria-selected": "false" },
    element("code", {}, usage),
    " ",
    element("span", {}, help),
  );
}

function commandOf({ usage }) {
  return usage.split(" ", 1)[0];
}
