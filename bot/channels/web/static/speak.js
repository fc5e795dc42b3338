// "Read it to me": a button on each message, where the browser can speak. Pressing it again stops.
(() => {
  'use strict';
  if (!('speechSynthesis' in window)) return;
  document.documentElement.classList.add('speaks');
  let reading = null;

  function stop() {
    if (reading) reading.textContent = reading.dataset.read;
    reading = null;
    speechSynthesis.cancel();
  }

  function start(button) {
    const words = button.closest('.bubble').querySelector('.words').innerText;
    const speech = new SpeechSynthesisUtterance(words);
    speech.lang = document.documentElement.lang;
    speech.onend = speech.onerror = () => {
      if (reading === button) stop();
    };
    reading = button;
    button.textContent = button.dataset.stop;
    speechSynthesis.speak(speech);
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
