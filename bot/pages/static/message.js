// One message of the room as an element. What it does when clicked is the list's business.

import { cardElement } from "./card.js";
import { element } from "./dom.js";
import { withLinks } from "./links.js";
import { isMe } from "./message_state.js";
import { pills } from "./reactions.js";
import { settings, word } from "./words.js";

const HUES = 8;
const clock = new Intl.DateTimeFormat(settings.language, { hour: "2-digit", minute: "2-digit" });
const calendar = new Intl.DateTimeFormat(settings.language, { dateStyle: "full" });

// `place` says whether the message begins a day, and whether it goes on where its author just was.
export function messageElement(message, place) {
  const posted = new Date(message.posted_at);
  const name = message.author?.name ?? settings.bot;
  const kind = ["message", message.pending && "pending", place.continues && "continues", !message.author && "of-bot"];
  return element(
    "article",
    {
      class: kind.filter(Boolean).join(" "),
      id: `message-${message.id}`,
      "data-message": message.id,
      "aria-label": word("said", { name, time: clock.format(posted) }),
      tabindex: "-1",
    },
    place.startsDay && element("h2", { class: "day" }, calendar.format(posted)),
    avatar(message, name),
    byline(message, name, posted),
    message.deleted ? element("p", { class: "tombstone" }, word("deleted")) : body(message),
  );
}

function avatar(message, name) {
  const hue = message.author ? `hue-${message.author.id % HUES}` : "hue-bot";
  const initial = message.author ? [...name][0].toUpperCase() : "✎";
  return element("span", { class: `avatar ${hue}`, "aria-hidden": "true" }, initial);
}

function byline(message, name, posted) {
  return element(
    "p",
    { class: "byline" },
    element("span", { class: "name" }, name),
    message.author ? null : element("span", { class: "bot-mark" }, word("bot_mark")),
    element("time", { datetime: message.posted_at, title: posted.toLocaleString(settings.language) }, clock.format(posted)),
    message.edited && !message.deleted && element("span", { class: "aside" }, word("edited")),
    message.pending && element("span", { class: "aside" }, word("sending")),
  );
}

function body(message) {
  return element(
    "div",
    { class: "body" },
    message.reply_to && quotation(message.reply_to),
    message.text && element("p", { class: "words" }, withLinks(message.text)),
    message.card && cardElement(message.card),
    message.file && fileLink(message),
    message.buttons?.length > 0 && choices(message.buttons),
    isStored(message) && tools(message),
  );
}

function choices(buttons) {
  const made = buttons.map(({ key, label }) =>
    element("button", { type: "button", class: "choice", "data-action": "press", "data-button": key, "data-key": `button-${key}` }, label),
  );
  return element("div", { class: "buttons", role: "group", "aria-label": word("choices") }, ...made);
}

function isStored(message) {
  return typeof message.id === "number";
}

function quotation(quoted) {
  const name = quoted.author?.name ?? settings.bot;
  const words = quoted.deleted ? word("deleted") : quoted.excerpt || word("earlier_message");
  return element(
    "a",
    { class: "quotation", href: `#message-${quoted.id}`, "data-action": "show" },
    element("span", { class: "name" }, name),
    " ",
    words,
  );
}

function fileLink(message) {
  const { name, bytes } = message.file;
  const size = `${Math.max(1, Math.round(bytes / 1024))} KB`;
  const attributes = { class: "file", href: `/files/${message.id}`, download: name };
  return element("a", attributes, word("download", { name }), " ", element("span", { class: "aside" }, size));
}

function tools(message) {
  const mine = isMe(message.author);
  return element(
    "div",
    { class: "tools" },
    ...pills(message),
    element(
      "div",
      { class: "actions", role: "group", "aria-label": word("actions"), "data-key": "actions" },
      tool("react", { "aria-haspopup": "true", "aria-expanded": "false" }),
      tool("reply"),
      mine && tool("edit"),
      mine && tool("delete"),
    ),
  );
}

function tool(name, attributes = {}) {
  return element("button", { type: "button", class: "link-button", "data-action": name, ...attributes }, word(name));
}
