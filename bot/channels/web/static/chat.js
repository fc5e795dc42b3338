// What the chat does on top of plain forms: sends without a new page, keeps words until they are taken,
// and puts what is new where eyes, fingers and screen readers find it.
(() => {
  'use strict';
  const byId = (id) => document.getElementById(id);
  const [form, text, turns, trouble, newer] = ['say', 'text', 'turns', 'trouble', 'newer'].map(byId);
  const isPost = (event) => event.detail.requestConfig.verb === 'post';
  let busy = false;
  let last = null; // the newest turn before a swap
  let atEnd = true; // they were reading the end of the chat before a swap

  function explain(id) {
    trouble.replaceChildren(byId(id).content.cloneNode(true));
  }

  function isAtEnd() {
    return innerHeight + scrollY >= document.documentElement.scrollHeight - 80;
  }

  function setBusy(now) {
    busy = now;
    document.documentElement.classList.toggle('busy', now);
  }

  // Enter sends, Shift and Enter starts a new line.
  text.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    byId('send').click();
  });

  // One thing at a time, and nothing is not sent.
  document.addEventListener('submit', (event) => {
    if (!event.target.hasAttribute('hx-post')) return;
    const empty = event.submitter === byId('send') && !text.value.trim();
    if (empty) text.focus();
    if (!busy && !empty) return;
    event.preventDefault();
    event.stopPropagation();
  }, true);

  document.addEventListener('htmx:beforeRequest', (event) => {
    if (isPost(event)) setBusy(true);
  });

  document.addEventListener('htmx:afterRequest', (event) => {
    if (!isPost(event)) return;
    setBusy(false);
    const { xhr, requestConfig } = event.detail;
    const sent = requestConfig.formData;
    // The session has ended: as a plain form, the words go along into a new one.
    if (xhr.status === 410) form.submit();
    if (xhr.status !== 200) return;
    if (!sent.has('data') && sent.get('text') === text.value) text.value = '';
    // A code from a link has been used: it stays neither in the address nor in what a reload would fill in.
    if (location.search) history.replaceState(null, '', '/');
    for (const note of document.querySelectorAll('.note')) note.remove();
  });

  for (const failure of ['htmx:sendError', 'htmx:timeout', 'htmx:responseError']) {
    document.addEventListener(failure, (event) => {
      if (isPost(event)) explain('offline');
    });
  }

  document.addEventListener('htmx:beforeSwap', (event) => {
    // News that could not be fetched comes with the next: nobody has to be told.
    if (!isPost(event) && event.detail.xhr.status >= 400) event.detail.shouldSwap = false;
    last = turns.lastElementChild;
    atEnd = isAtEnd();
  });

  // News does not move the page under their fingers: it says that it is there, until they have been there.
  newer.addEventListener('click', () => {
    turns.lastElementChild.scrollIntoView({ block: 'start' });
    newer.hidden = true;
  });
  document.addEventListener('scroll', () => {
    if (isAtEnd()) newer.hidden = true;
  }, { passive: true });

  // Buttons stay until they have said something after them.
  function removeOldOffers() {
    const spoke = [...turns.querySelectorAll('.spoke')].pop();
    for (const turn of turns.children) {
      if (turn === spoke) return;
      if (spoke) for (const offers of turn.querySelectorAll('.offers')) offers.remove();
    }
  }

  document.addEventListener('htmx:afterSwap', (event) => {
    const fresh = last ? last.nextElementSibling : turns.firstElementChild;
    if (event.detail.target !== turns || !fresh) return;
    const typing = document.activeElement === text;
    removeOldOffers();
    // A tick in a list stands where the list stood: the place on the page and on the keyboard stays.
    const pressed = isPost(event) && event.detail.requestConfig.formData.get('data');
    const same = (button) => button.value === pressed;
    const again = !fresh.classList.contains('spoke') && [...fresh.querySelectorAll('button[name="data"]')].find(same);
    if (again) return again.focus({ preventScroll: true });
    newer.hidden = isPost(event) || atEnd;
    if (newer.hidden) fresh.scrollIntoView({ block: 'start' });
    const words = fresh.querySelector('.words');
    if (isPost(event) && !typing && words) words.focus({ preventScroll: true });
  });

  // The session has ended elsewhere: nothing of it stays on the screen, but words not yet sent do.
  document.addEventListener('htmx:sseClose', (event) => {
    if (event.detail.type !== 'message') return;
    if (!text.value.trim()) return location.replace('/closed');
    turns.replaceChildren();
    explain('quiet');
  });

  // Without an entry in the history: Back would lead here after leaving.
  document.querySelector('.skip').addEventListener('click', (event) => {
    event.preventDefault();
    text.focus();
  });

  const latest = byId('latest');
  if (!location.hash && latest) latest.scrollIntoView({ block: 'start' });
  // What came unasked after that is said to be there as well.
  if (latest?.nextElementSibling) newer.hidden = isAtEnd();
})();
