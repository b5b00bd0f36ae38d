// What the page told the scripts: who reads, the palette, the commands, and every string in their language.

export const settings = JSON.parse(document.body.dataset.settings);

export function word(name, values = {}) {
  const spoken = settings.words[name];
  if (spoken === undefined) throw new Error(`no string named ${name}`);
  return spoken.replace(/\{(\w+)\}/g, (_, key) => values[key]);
}

export function labelOf(emoji) {
  return settings.palette.find((choice) => choice.emoji === emoji)?.label ?? emoji;
}

export function namesOf(people) {
  const names = people.map((person) => (person.id === settings.me.id ? word("you") : person.name));
  return names.join(word("and"));
}
