// Copies an article as rich text, to be pasted into WeChat's editor.
// The "copy" event comes first: it takes the HTML as it is and works without https. The newer clipboard reads
// the HTML by this page's policy, which forbids the styles that WeChat needs, and complains of each.

for (const button of document.querySelectorAll("button[data-copy]")) {
  const label = button.textContent;
  let timer = 0;
  let article = fetched(button.dataset.copy); // before the click: Safari lets only its own turn copy
  let html = "";
  article.then((text) => { html = text; });
  button.addEventListener("click", async () => {
    if (!html) article = fetched(button.dataset.copy);
    const copied = html ? await copy(html) : await copy((html = await article));
    button.textContent = copied ? button.dataset.done : button.dataset.failed;
    clearTimeout(timer);
    timer = setTimeout(() => { button.textContent = label; }, copied ? 3000 : 15000); // a way out takes reading
  });
}

async function fetched(address) {
  try {
    const answer = await fetch(address);
    return answer.ok ? await answer.text() : "";
  } catch {
    return "";
  }
}

async function copy(html) {
  return html !== "" && (copyByEvent(html) || await copyByClipboard(html));
}

function copyByEvent(html) {
  let taken = false;
  const put = (event) => {
    event.clipboardData.setData("text/html", html);
    event.clipboardData.setData("text/plain", words(html));
    event.preventDefault();
    taken = true;
  };
  document.addEventListener("copy", put, { once: true });
  document.execCommand("copy");
  document.removeEventListener("copy", put);
  return taken;
}

async function copyByClipboard(html) {
  const blob = (type, text) => new Blob([text], { type });
  try {
    await navigator.clipboard.write([new ClipboardItem({
      "text/html": blob("text/html", html),
      "text/plain": blob("text/plain", words(html)),
    })]);
    return true;
  } catch {
    return false; // not allowed, or a browser without it
  }
}

// What the article says, a line for each block. Its styles go first: this page's policy complains of them.
function words(html) {
  const plain = html.replace(/ style="[^"]*"/g, "");
  const body = new DOMParser().parseFromString(plain, "text/html").body;
  for (const end of body.querySelectorAll("br")) end.replaceWith("\n");
  for (const block of body.querySelectorAll("p, h2, li, pre")) block.append("\n");
  return body.textContent.replace(/\n{3,}/g, "\n\n").trim() + "\n";
}
