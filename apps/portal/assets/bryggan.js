// Every page works without this. Where a part of a page is live, it is fetched anew when the server says that something
// changed: the server renders it, so that there is one way in which a row looks.
const live = document.querySelector('[data-live]');

// What is being written is never taken away: the news wait until no form is open.
let isWaiting = false;
function say(what) {
  const note = document.querySelector('[data-live-note]');
  if (note) note.textContent = note.dataset[what];
}

async function renew() {
  const isBusy = () => live.querySelector('details[open]') !== null;
  const answer = await fetch(location.href, { headers: { accept: 'text/html' } });
  if (answer.redirected || !answer.ok) return isBusy() ? undefined : location.reload();
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const now = document.getElementById(live.id);
  const next = page.getElementById(live.id);
  if (!now || !next || now.textContent === next.textContent) return undefined;
  isWaiting = isBusy();
  if (isWaiting) return say('busy');
  // Who stands on a row with the keyboard stays there.
  const focused = now.contains(document.activeElement) ? document.activeElement.getAttribute('href') : null;
  now.replaceChildren(...next.childNodes);
  if (focused !== null) now.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
  return say('fresh');
}

if (live) {
  const news = new EventSource(live.dataset.live);
  news.addEventListener('nytt', () => void renew());
  // The event of a form that opens or closes does not rise: it is caught on its way down.
  live.addEventListener('toggle', () => isWaiting && void renew(), true);
}

// What a nurse has written outlives a lost connection, a closed lid, a page loaded anew: it is kept in this tab alone
// (sessionStorage), for the person who wrote it and half an hour at most. It is gone when the notice has been sent, when
// somebody signs out or somebody else signs in, and with the tab.
const DRAFT = 'bryggan-draft';
const DRAFT_MINUTES = 30;
const draftForm = document.querySelector('form[data-draft]');
const signOut = document.querySelector('form[action="/logga-ut"]');

function readDraft() {
  try {
    const draft = JSON.parse(sessionStorage.getItem(DRAFT) ?? 'null');
    return draft && Date.now() - draft.at < DRAFT_MINUTES * 60_000 ? draft : null;
  } catch {
    return null;
  }
}

/** Fields that a person fills in; what the server put into the form is the server's to say. */
const fieldsOf = (form) =>
  [...form.elements].filter(({ name, type }) => name && type !== 'hidden' && type !== 'submit');

/** Tells whether a draft is of the same person, and not who that is. */
function personMark() {
  let mark = 5381;
  for (const letter of draftForm.elements.namedItem('person')?.value ?? '')
    mark = (mark * 33 + letter.charCodeAt(0)) | 0;
  return mark;
}

function keepDraft() {
  const fields = fieldsOf(draftForm).map(({ name, type, value, checked }) => ({
    name,
    value,
    ...(['radio', 'checkbox'].includes(type) && { checked }),
  }));
  const draft = { owner: draftForm.dataset.draft, person: personMark(), at: Date.now(), fields };
  sessionStorage.setItem(DRAFT, JSON.stringify(draft));
}

function restoreDraft({ fields }) {
  for (const { name, value, checked } of fields) {
    for (const field of fieldsOf(draftForm).filter((one) => one.name === name)) {
      if (checked === undefined) field.value = value;
      else if (field.value === value) field.checked = checked;
    }
  }
}

const draft = readDraft();
const isMine = draftForm && draft?.owner === draftForm.dataset.draft;
// Another patient's form is begun, or nobody is signed in, or the notice has been sent: nothing may be left of the draft.
if (!signOut || document.querySelector('[role="status"]') || (draftForm && !isMine)) sessionStorage.removeItem(DRAFT);
signOut?.addEventListener('submit', () => sessionStorage.removeItem(DRAFT));
if (draftForm) {
  if (isMine && draft.person === personMark() && !document.querySelector('[role="alert"]')) {
    restoreDraft(draft);
  }
  draftForm.addEventListener('input', keepDraft);
}
