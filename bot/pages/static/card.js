// A card: what the desk thinks of a story.

import { element } from "./dom.js";
import { link, webAddress, withLinks } from "./links.js";
import { settings, word } from "./words.js";

// The state shows by sign and word, not by colour alone.
const SIGNS = { waiting: "◔", slate: "✓", drafted: "✎", published: "●", spiked: "✕", vetoed: "⊘", unread: "?" };

export function cardElement(card) {
  return element(
    "section",
    { class: `card state-${card.state}`, "aria-label": word("card", { number: card.number, title: card.title }) },
    head(card),
    element("h3", { class: "card-title" }, webAddress(card.url) ? link(card.url, card.title) : card.title),
    origin(card),
    ...card.notes.map((note) => element("blockquote", { class: "note" }, withLinks(note))),
    summary(card),
    ...(card.remarks ?? []).map((remark) => line("remark", remark)),
    line("problem", card.problem),
    foot(card),
    buttons(card),
  );
}

function head(card) {
  const sign = element("span", { "aria-hidden": "true" }, SIGNS[card.state] ?? "·");
  return element(
    "p",
    { class: "card-head" },
    element("span", { class: "number" }, `#${card.number}`),
    element("span", { class: "state" }, sign, " ", word(`state_${card.state}`)),
    card.section && element("span", { class: "section" }, card.section),
  );
}

function origin(card) {
  const parts = [card.source, card.authors, card.date, card.language, card.pitched_by].filter(Boolean);
  return element("p", { class: "origin" }, ...parts.map((part) => element("span", {}, part)));
}

function summary(card) {
  if (!card.summary) return null;
  return element(
    "div",
    { class: "summary" },
    card.summary_label && element("span", { class: "label" }, card.summary_label),
    element("p", {}, withLinks(card.summary)),
  );
}

function foot(card) {
  const parts = [card.advice, card.standing].filter(Boolean);
  return parts.length ? element("p", { class: "standing" }, ...parts.map((part) => element("span", {}, part))) : null;
}

function line(name, text) {
  return text ? element("p", { class: name }, withLinks(text)) : null;
}

function buttons(card) {
  if (!card.buttons.length) return null;
  const made = card.buttons.map(button);
  return element("div", { class: "buttons", role: "group", "aria-label": word("votes") }, ...made);
}

function button({ key, emoji, label, count, people }) {
  const spoken = people.length ? "button_people" : "button";
  const title = word(spoken, { label, count, names: people.join(word("and")) });
  const isSection = key.startsWith("section:");
  return element(
    "button",
    {
      type: "button",
      class: isSection ? "choice" : "choice vote",
      "data-key": `button-${key}`,
      "data-action": "press",
      "data-button": key,
      "aria-pressed": String(people.includes(settings.me.name)),
      "aria-label": title,
      title,
    },
    element("span", { class: "emoji", "aria-hidden": "true" }, emoji),
    isSection && element("span", { "aria-hidden": "true" }, label),
    count > 0 && element("span", { class: "count", "aria-hidden": "true" }, String(count)),
  );
}
