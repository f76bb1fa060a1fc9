// Turns a list of items with a select of places each into rows that move up and down. The selects stay the form's data.
(() => {
  const button = (list, row, way, mark) => {
    const made = document.createElement('button'), label = row.querySelector('label');
    made.type = 'button';
    made.id = `${way}-${label.htmlFor}`;
    made.dataset.way = way;
    made.textContent = mark;
    made.setAttribute('aria-label', list.dataset[way]);
    made.setAttribute('aria-labelledby', `${made.id} ${label.id}`);
    return made;
  };

  const build = list => {
    const rows = () => [...list.children];
    const select = row => row.querySelector('select');
    const draw = () => rows().forEach((row, i, all) => {
      select(row).value = String(i + 1);
      row.querySelector('.key').textContent = i + 1;
      row.querySelector('[data-way=up]').setAttribute('aria-disabled', String(i === 0));
      row.querySelector('[data-way=down]').setAttribute('aria-disabled', String(i === all.length - 1));
    });
    const move = (row, way) => {
      const other = way === 'up' ? row.previousElementSibling : row.nextElementSibling;
      if (other) other[way === 'up' ? 'before' : 'after'](row);
      draw();
      select(row).dispatchEvent(new Event('input', { bubbles: true }));   // as a select of its own accord
      row.querySelector(`[data-way=${way}]`).focus();
      const values = { item: row.querySelector('label').textContent, place: rows().indexOf(row) + 1, count: rows().length };
      const line = document.getElementById('say');
      if (line) line.textContent = list.dataset.say.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
    };

    const placed = row => Number(select(row).value) || Infinity;
    list.append(...rows().sort((a, b) => placed(a) - placed(b)));
    for (const row of rows()) {
      const key = document.createElement('span');
      key.className = 'key';
      key.setAttribute('aria-hidden', 'true');
      row.prepend(key);
      row.append(button(list, row, 'up', '↑'), button(list, row, 'down', '↓'));
      select(row).hidden = true;
      row.addEventListener('click', event => {
        const way = event.target.closest('[data-way]')?.dataset.way;
        if (way) move(row, way);
      });
    }
    draw();
  };

  document.addEventListener('jingdu:load', e => {
    for (const list of e.detail.root.querySelectorAll('[data-order]')) {
      if (list.dataset.ready) continue;
      list.dataset.ready = 'yes';
      build(list);
    }
  });
})();
