// What a message looks like to this person now: as the room has it, and with what they did since.

import { settings } from "./words.js";

const LATER = 2 ** 40; // after every reaction that the room knows

export function withPending(message, ops) {
  return ops.filter((op) => op.message === message.id).reduce(applied, message);
}

export function pendingMessage(op) {
  return {
    id: op.key,
    key: op.key,
    change: 0,
    author: settings.me,
    text: op.text,
    card: null,
    file: null,
    reply_to: op.reply_to ? { id: op.reply_to, author: null, excerpt: "", deleted: false } : null,
    posted_at: new Date(op.at).toISOString(),
    edited: false,
    deleted: false,
    reactions: [],
    pending: true,
  };
}

// This person's emojis on a message, in the order in which they chose them.
export function myEmojis(message) {
  return message.reactions
    .flatMap((pill) => pill.people.filter(isMe).map((person) => ({ emoji: pill.emoji, place: person.place })))
    .sort((one, other) => one.place - other.place)
    .map((choice) => choice.emoji);
}

export function isMe(person) {
  return person?.id === settings.me.id;
}

function applied(message, op) {
  if (op.op === "edit") return { ...message, text: op.text, edited: true, pending: true };
  if (op.op === "delete") return { ...message, text: "", deleted: true, reactions: [], pending: true };
  if (op.op === "react") return { ...message, reactions: reacted(message.reactions, op.emojis) };
  return message;
}

function reacted(pills, emojis) {
  const others = pills.map((pill) => ({ ...pill, people: pill.people.filter((person) => !isMe(person)) }));
  for (const [index, emoji] of emojis.entries()) {
    let pill = others.find((other) => other.emoji === emoji);
    if (!pill) others.push((pill = { emoji, people: [], bot: false }));
    pill.people.push({ ...settings.me, place: LATER + index });
  }
  return others.filter((pill) => pill.bot || pill.people.length > 0);
}
