// Builds elements, and brings a shown element to the state of a freshly built one.
// Text is only ever set as text: nobody's words become markup.

export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.flat().filter((child) => child instanceof Node || (child && child !== true)));
  return made;
}

// Changes only what differs, so that focus, selection and scroll stay where they are.
export function morph(shown, fresh) {
  if (shown.isEqualNode(fresh)) return;
  if (shown.nodeType === Node.TEXT_NODE) {
    shown.data = fresh.data;
    return;
  }
  morphAttributes(shown, fresh);
  morphChildren(shown, fresh);
}

function morphAttributes(shown, fresh) {
  for (const name of shown.getAttributeNames()) {
    if (!fresh.hasAttribute(name)) shown.removeAttribute(name);
  }
  for (const name of fresh.getAttributeNames()) {
    const value = fresh.getAttribute(name);
    if (shown.getAttribute(name) !== value) shown.setAttribute(name, value);
  }
}

function morphChildren(shown, fresh) {
  const keyed = new Map([...shown.children].map((child) => [keyOf(child), child]));
  let place = shown.firstChild;
  for (const wanted of [...fresh.childNodes]) {
    const match = keyOf(wanted) ? keyed.get(keyOf(wanted)) : alike(place, wanted) ? place : null;
    if (match && match === place) place = place.nextSibling;
    else shown.insertBefore(match ?? wanted, place);
    if (match) morph(match, wanted);
  }
  while (place) {
    const next = place.nextSibling;
    place.remove();
    place = next;
  }
}

function keyOf(node) {
  return node?.dataset?.key ?? null;
}

function alike(shown, wanted) {
  return shown?.nodeName === wanted.nodeName && keyOf(shown) === null;
}
