// Leaving quickly, by the button or by pressing Shift three times: the page is blank at once,
// the chat is ended behind it, and Back does not bring it back.
(() => {
  'use strict';
  const form = document.getElementById('leave');
  const status = document.getElementById('leave-status');
  const PRESSES = 3;
  const WITHIN = 5000; // milliseconds from the first press to the last
  let presses = 0;
  let alone = false; // Shift was pressed and nothing with it: a capital letter does not count
  let timer = 0;

  function blank() {
    document.title = form.dataset.blank;
    document.documentElement.classList.add('blank');
    document.body.replaceChildren(status);
  }

  function leave() {
    blank();
    status.textContent = form.dataset.leaving;
    if (!navigator.sendBeacon || !navigator.sendBeacon('/leave')) {
      fetch('/leave', { method: 'POST', keepalive: true }).catch(() => {});
    }
    location.replace(form.dataset.to);
  }

  function forget() {
    clearTimeout(timer);
    presses = 0;
    status.textContent = '';
  }

  function count() {
    presses += 1;
    if (presses === 1) timer = setTimeout(forget, WITHIN);
    if (presses === PRESSES) leave();
    else status.textContent = form.getAttribute(`data-press-${PRESSES - presses}`);
  }

  document.documentElement.classList.add('js');
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    leave();
  });
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Shift') {
      if (!event.repeat) alone = true;
    } else {
      alone = false;
      if (presses) forget();
    }
  });
  document.addEventListener('keyup', (event) => {
    if (event.key === 'Shift' && alone) count();
  });
  window.addEventListener('pageshow', (event) => {
    if (!event.persisted) return;
    blank();
    location.reload();
  });
})();
