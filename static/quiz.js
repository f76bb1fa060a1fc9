// A quiz: the time that is left, and the order of what is saved by itself. The server keeps the time; this only shows
// it, says it twice, and hands over at the end.
(() => {
  const JITTER_MS = 4000;   // a class does not press at the same moment
  const say = words => {
    const line = document.getElementById('say');
    if (line) line.textContent = words;
  };
  const once = (run, mark, words) => {
    const name = `quiz-${run}-${mark}`;
    if (sessionStorage.getItem(name)) return;
    sessionStorage.setItem(name, 'said');
    say(words);
  };

  const build = timer => {
    const { ms, run, left, five, one, over } = timer.dataset;
    const ends = performance.now() + Number(ms), began = Number(ms);
    const tick = () => {
      const rest = Math.max(0, ends - performance.now()), seconds = Math.ceil(rest / 1000);
      const values = { minutes: Math.floor(seconds / 60), seconds: String(seconds % 60).padStart(2, '0') };
      timer.textContent = rest ? left.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole) : over;
      timer.classList.toggle('is-short', rest <= 60000);
      if (rest && rest <= 60000) once(run, 'one', one);
      else if (rest && rest <= 300000 && began > 60000) once(run, 'five', five);
      if (rest) return;
      clearInterval(beat);
      say(over);
      setTimeout(() => {
        const form = document.querySelector('form[data-timed]');
        if (form) form.requestSubmit(form.querySelector('[value=overview]'));
        else location.reload();
      }, Math.random() * JITTER_MS);
    };
    const beat = setInterval(tick, 1000);
    tick();
  };

  // What is saved by itself says since when it stands so, by the server's clock: requests may overtake each other.
  const opened = new WeakMap();
  document.addEventListener('htmx:configRequest', e => {
    const box = e.detail.elt;
    if (opened.has(box)) e.detail.parameters.moment = Math.round(Number(box.dataset.moment) + performance.now() - opened.get(box));
  });

  document.addEventListener('jingdu:load', e => {
    for (const box of e.detail.root.querySelectorAll('[data-moment]')) if (!opened.has(box)) opened.set(box, performance.now());
    for (const timer of e.detail.root.querySelectorAll('#timer[data-ms]')) {
      if (timer.dataset.ready) continue;
      timer.dataset.ready = 'yes';
      build(timer);
    }
  });
})();
