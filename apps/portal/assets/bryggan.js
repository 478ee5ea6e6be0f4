// Every page works without this. Where a part of a page is live, it is fetched anew when the server says that something
// changed: the server renders it, so that there is one way in which a row looks.
const live = document.querySelector('[data-live]');

async function renew() {
  const answer = await fetch(location.href, { headers: { accept: 'text/html' } });
  if (answer.redirected || !answer.ok) return location.reload();
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const now = document.getElementById(live.id);
  const next = page.getElementById(live.id);
  if (!now || !next) return undefined;
  // Who stands on a row with the keyboard stays there.
  const focused = now.contains(document.activeElement) ? document.activeElement.getAttribute('href') : null;
  now.replaceChildren(...next.childNodes);
  if (focused !== null) now.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
  return undefined;
}

if (live) {
  const news = new EventSource(live.dataset.live);
  news.addEventListener('nytt', () => void renew());
}
