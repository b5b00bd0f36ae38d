// Copies an article as rich text, to be pasted into WeChat's editor.

for (const button of document.querySelectorAll("button[data-copy]")) {
  const label = button.textContent;
  let timer = 0;
  button.addEventListener("click", async () => {
    const copied = await copy(button.dataset.copy);
    button.textContent = copied ? button.dataset.done : button.dataset.failed;
    clearTimeout(timer);
    timer = setTimeout(() => { button.textContent = label; }, 3000);
  });
}

async function copy(address) {
  try {
    return await write(fetchText(address));
  } catch {
    return false;
  }
}

async function fetchText(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.text();
}

// Promises go in, not texts: Safari allows the write in the click's own turn only.
async function write(html) {
  if (navigator.clipboard && window.ClipboardItem) {
    const blob = async (type, say) => new Blob([say(await html)], { type });
    try {
      await navigator.clipboard.write([new ClipboardItem({
        "text/html": blob("text/html", (text) => text),
        "text/plain": blob("text/plain", words),
      })]);
      return true;
    } catch {
      // Not allowed, or an older browser: the event below may be.
    }
  }
  return writeByEvent(await html);
}

// Works without https too, where navigator.clipboard is not there.
function writeByEvent(html) {
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

// What the article says, a line for each block.
function words(html) {
  const body = new DOMParser().parseFromString(html, "text/html").body;
  for (const end of body.querySelectorAll("br")) end.replaceWith("\n");
  for (const block of body.querySelectorAll("p, h2, li, pre")) block.append("\n");
  return body.textContent.replace(/\n{3,}/g, "\n\n").trim() + "\n";
}
