// "Read it to me": a button on each message, where the browser can speak. Pressing it again stops. Each paragraph is
// spoken by the voice of its own language, or passed over where there is none.
(() => {
  'use strict';
  if (!('speechSynthesis' in window)) return;
  document.documentElement.classList.add('speaks');
  let reading = null;
  let saying = []; // kept: a browser may forget what it has not said yet

  function stop() {
    if (reading) reading.textContent = reading.dataset.read;
    reading = null;
    saying = [];
    speechSynthesis.cancel();
  }

  function start(button) {
    const words = button.closest('.bubble').querySelector('.words');
    saying = Array.from(words.querySelectorAll('p'), (part) => {
      const speech = new SpeechSynthesisUtterance(part.innerText);
      speech.lang = part.closest('[lang]').lang;
      return speech;
    });
    const last = saying.at(-1);
    last.onend = last.onerror = () => {
      if (last === saying.at(-1)) stop(); // not a reading before this one, which was stopped
    };
    reading = button;
    button.textContent = button.dataset.stop;
    saying.forEach((speech) => speechSynthesis.speak(speech));
  }

  document.addEventListener('click', (event) => {
    const button = event.target.closest('.read');
    if (!button) return;
    const again = button === reading;
    stop();
    if (!again) start(button);
  });
  window.addEventListener('pagehide', stop);
})();
