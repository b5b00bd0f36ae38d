// The room: wires the connection, the messages and the composer together.

import { Composer } from "./composer.js";
import { Connection } from "./connection.js";
import { MessageList } from "./message_list.js";
import { myEmojis } from "./message_state.js";
import { Outbox } from "./outbox.js";
import { Palette } from "./reactions.js";
import { namesOf, settings, word } from "./words.js";

const byId = (id) => document.getElementById(id);

const title = document.title;
let unread = 0;

const outbox = new Outbox(settings.me.id);
const connection = new Connection(outbox);
const list = new MessageList(byId("messages"), byId("to-end"), outbox);
const composer = new Composer(byId("composer"), outbox, () => edit(list.myLast()));
const palette = new Palette(toggleReaction);

const deeds = {
  show: (id, target) => list.show(Number(target.hash.slice("#message-".length))),
  react: (id, target) => palette.toggle(target, id),
  toggle: (id, target) => toggleReaction(id, target.dataset.emoji),
  press: (id, target) => outbox.add({ op: "press", message: id, button: target.dataset.button }),
  reply: (id) => composer.reply(list.get(id)),
  edit: (id) => edit(list.get(id)),
  delete: (id) => askToDelete(id),
};

byId("messages").addEventListener("click", (event) => {
  const target = event.target.closest("[data-action]");
  if (!target) return;
  event.preventDefault();
  deeds[target.dataset.action](Number(target.closest("[data-message]").dataset.message), target);
});

byId("messages").addEventListener("keydown", (event) => {
  const step = { j: 1, k: -1 }[event.key];
  if (step && !event.ctrlKey && !event.metaKey && !event.altKey) list.step(document.activeElement, step);
});

connection.addEventListener("changes", (event) => countUnread(list.take(event.detail)));
document.addEventListener("visibilitychange", () => countUnread(0));
connection.addEventListener("here", (event) => showPeople(event.detail.people));
connection.addEventListener("refused", (event) => tellRefusal(event.detail));
connection.addEventListener("online", () => showBanner(""));
connection.addEventListener("offline", (event) => showOffline(event.detail.failures));
connection.open();
byId("words").focus();

function edit(message) {
  if (message) composer.edit(message);
}

function toggleReaction(id, emoji) {
  const mine = myEmojis(list.get(id));
  const emojis = mine.includes(emoji) ? mine.filter((other) => other !== emoji) : [...mine, emoji];
  outbox.add({ op: "react", message: id, emojis });
}

function askToDelete(id) {
  const dialog = byId("confirm");
  byId("confirm-text").textContent = word("really_delete");
  dialog.returnValue = "no";
  dialog.onclose = () => {
    if (dialog.returnValue === "yes") outbox.add({ op: "delete", message: id });
  };
  dialog.showModal();
}

function tellRefusal({ why, refused }) {
  if (refused?.op === "say") composer.restore(refused.text);
  composer.notify(why, true);
}

// The tab's title counts what others said while nobody looked.
function countUnread(more) {
  unread = document.hidden ? unread + more : 0;
  document.title = unread ? `(${unread}) ${title}` : title;
}

function showPeople(people) {
  byId("here").textContent = word("here", { count: people.length, names: namesOf(people) });
}

function showBanner(text) {
  byId("banner").textContent = text;
  byId("banner").hidden = !text;
}

// A refused handshake looks like a lost connection; the page itself says which it was.
async function showOffline(failures) {
  showBanner(word("offline"));
  if (failures < 2) return;
  const answer = await fetch("/", { method: "HEAD" }).catch(() => null);
  if (answer?.status === 401) showBanner(word("signed_out"));
}
