// Turns a list of selects into two columns to pair by tap, click or key. The selects stay the form's data.
// Words to speak come from the data attributes of the box: held, joined, undone; {left}, {right}, {done}, {count} in them.
(() => {
  const letter = index => String.fromCharCode(65 + index);
  const say = (words, values) => {
    const line = document.getElementById('say');
    if (line) line.textContent = words.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  };

  const card = (list, text, lang) => {
    const button = document.createElement('button'), key = document.createElement('span'), words = document.createElement('span');
    button.type = 'button';
    key.className = 'key';
    key.lang = 'en';
    words.textContent = text;
    words.lang = lang;
    button.append(key, words);
    list.appendChild(document.createElement('li')).append(button);
    return button;
  };

  const build = box => {
    const selects = [...box.querySelectorAll('select')];
    const options = [...selects[0].options].slice(1);
    const stage = box.querySelector('template').content.firstElementChild.cloneNode(true);
    const [left, right] = stage.querySelectorAll('ol');
    const lefts = selects.map(select => card(left, select.labels[0].textContent, select.labels[0].lang));
    const rights = options.map(option => card(right, option.textContent, selects[0].lang));
    const holder = option => selects.findIndex(select => select.value === option.value);
    const done = () => selects.filter(select => select.value).length;
    const name = button => button.lastChild.textContent;
    let held = null;

    const draw = () => {
      lefts.forEach((button, i) => {
        button.setAttribute('aria-pressed', String(held === i));
        button.classList.toggle('paired', !!selects[i].value);
        button.firstChild.textContent = i + 1;
      });
      rights.forEach((button, j) => {
        const i = holder(options[j]);
        button.classList.toggle('paired', i >= 0);
        button.firstChild.textContent = i < 0 ? letter(j) : i + 1;
      });
    };
    const hold = i => {
      held = held === i ? null : i;
      draw();
      if (held !== null) say(box.dataset.held, { left: name(lefts[i]) });
    };
    const changed = () => selects[0].dispatchEvent(new Event('input', { bubbles: true }));   // as a select of its own accord
    const join = j => {
      const before = holder(options[j]);
      if (before >= 0) selects[before].value = '';
      if (held === null || before === held) {
        held = null;
        draw();
        changed();
        if (before >= 0) say(box.dataset.undone, { done: done(), count: selects.length });
        return;
      }
      const from = held;
      selects[from].value = options[j].value;
      held = null;
      draw();
      changed();
      say(box.dataset.joined, { left: name(lefts[from]), right: options[j].textContent, done: done(), count: selects.length });
      const next = selects.findIndex(select => !select.value);
      (next >= 0 ? lefts[next] : box.closest('form').querySelector('button.main')).focus();
    };

    lefts.forEach((button, i) => button.addEventListener('click', () => hold(i)));
    rights.forEach((button, j) => button.addEventListener('click', () => join(j)));
    stage.addEventListener('keydown', event => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      if (event.key === 'Escape' && held !== null) { held = null; draw(); return; }
      if (!('keys' in box.dataset) || event.key.length !== 1) return;
      const i = event.key >= '1' && event.key <= '9' ? Number(event.key) - 1 : -1;
      const j = event.key.toUpperCase().charCodeAt(0) - 65;
      if (lefts[i]) { hold(i); lefts[i].focus(); } else if (rights[j]) join(j);
    });
    box.querySelector('[data-plain]').hidden = true;
    box.querySelector('[data-plain]').before(stage);
    box.querySelector('[data-help]').hidden = false;
    draw();
  };

  document.addEventListener('jingdu:load', e => {
    for (const box of e.detail.root.querySelectorAll('[data-match]')) {
      if (box.dataset.ready) continue;
      box.dataset.ready = 'yes';
      build(box);
    }
  });
})();
