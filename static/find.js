// Long lists of boxes: <details data-find="Find a learner"> gets a line to type in, which leaves those that have it.
// What is chosen stays in sight. Without script the whole list stands there.
(() => {
  const FEWEST = 12;                            // fewer are sooner seen than searched
  const plain = text => text.normalize('NFKC').toLowerCase();

  const build = box => {
    const rows = [...box.querySelectorAll('label:has(input[type=checkbox])')].map(label => ({
      row: label.parentElement, words: plain(label.textContent), choice: label.querySelector('input'),
    }));
    if (rows.length < FEWEST) return;
    const line = document.createElement('div'), label = document.createElement('label');
    const input = Object.assign(document.createElement('input'), { type: 'search', autocomplete: 'off', id: `${box.id}-find` });
    label.htmlFor = input.id;
    label.textContent = box.dataset.find;
    line.className = 'field';
    const none = Object.assign(document.createElement('p'), { className: 'note' });
    none.setAttribute('role', 'status');
    line.append(label, input, none);
    box.querySelector('summary').after(line);
    input.addEventListener('input', () => {
      const wanted = plain(input.value.trim());
      for (const { row, words, choice } of rows) row.hidden = !words.includes(wanted) && !choice.checked;
      none.textContent = rows.some(({ words }) => words.includes(wanted)) ? '' : box.dataset.none;
    });
    input.addEventListener('keydown', e => { if (e.key === 'Enter') e.preventDefault(); });
  };

  document.addEventListener('jingdu:load', e => {
    for (const box of e.detail.root.querySelectorAll('[data-find]')) {
      if (box.dataset.ready) continue;
      box.dataset.ready = 'yes';
      build(box);
    }
  });
})();
