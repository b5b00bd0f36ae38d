// Copies an article as rich text, to be pasted into WeChat's editor.
// The "copy" event works without https, where navigator.clipboard is not there.

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
  let html = "";
  try {
    const answer = await fetch(address);
    if (!answer.ok) return false;
    html = await answer.text();
  } catch {
    return false;
  }
  const words = new DOMParser().parseFromString(html, "text/html").body.textContent;
  let taken = false;
  const put = (event) => {
    event.clipboardData.setData("text/html", html);
    event.clipboardData.setData("text/plain", words);
    event.preventDefault();
    taken = true;
  };
  document.addEventListener("copy", put, { once: true });
  document.execCommand("copy");
  document.removeEventListener("copy", put);
  return taken;
}
