// Letters (or digits) choose among radio buttons, only while the focus is among them (WCAG 2.1.4).
(() => {
  const choose = event => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.key.length !== 1) return;
    const code = event.key.toUpperCase().charCodeAt(0);
    const index = code >= 65 && code <= 90 ? code - 65 : code >= 49 && code <= 57 ? code - 49 : -1;
    const radio = event.currentTarget.querySelectorAll('input[type=radio]')[index];
    if (!radio || radio.disabled) return;
    event.preventDefault();
    radio.checked = true;
    radio.dispatchEvent(new Event('input', { bubbles: true }));   // as a press does: what saves in between listens
    radio.focus();
  };
  document.addEventListener('jingdu:load', e => {
    for (const box of e.detail.root.querySelectorAll('fieldset[data-keys]')) {
      if (box.dataset.ready || !box.querySelector('input[type=radio]')) continue;
      box.dataset.ready = 'yes';
      box.addEventListener('keydown', choose);
    }
  });
})();
