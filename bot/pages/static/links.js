// Turns the http and https addresses in somebody's words into links; everything else stays text.

import { element } from "./dom.js";

// An address ends before blanks, quotes and full-width punctuation: Chinese sets no blank after one.
const ADDRESS = /https?:\/\/[^\s<>"'`\u3000-\u303f\uff00-\uff0f\uff1a-\uff20\u2018-\u201d]+/gi;
const CLOSING = /[.,;:!?)\]}*_~]+$/;

export function withLinks(text) {
  const parts = [];
  let end = 0;
  for (const found of text.matchAll(ADDRESS)) {
    const address = trimmed(found[0]);
    if (!webAddress(address)) continue;
    parts.push(text.slice(end, found.index), link(address, address));
    end = found.index + address.length;
  }
  return [...parts, text.slice(end)].filter((part) => part !== "");
}

export function link(address, ...children) {
  const attributes = { href: address, target: "_blank", rel: "noopener noreferrer" };
  return element("a", attributes, ...children);
}

export function webAddress(address) {
  return URL.canParse(address) && /^https?:$/.test(new URL(address).protocol);
}

// A closing bracket belongs to the address only where it opened there, as in Wikipedia's.
function trimmed(address) {
  const ending = address.match(CLOSING)?.[0] ?? "";
  if (ending.startsWith(")") && address.includes("(")) return address.slice(0, address.length - ending.length + 1);
  return address.slice(0, address.length - ending.length);
}
