// What htmx leaves out: a word when it takes long, one alarm line, focus after a swap, polling only while seen.
//
// Widgets of a page register once and are called for the whole page and again for everything that is swapped in:
//   document.addEventListener('jingdu:load', e => { for (const box of e.detail.root.querySelectorAll('[data-match]')) … })
// The root may be given twice; a widget marks what it has done.
(() => {
  const SLOW_MS = 400, RESEND_MS = 10000;
  const on = (names, run) => names.split(' ').forEach(name => document.addEventListener(name, run));
  const show = root => document.dispatchEvent(new CustomEvent('jingdu:load', { detail: { root } }));

  // Busy: <span class="busy" data-busy="Checking…"></span> inside the form is filled after 400 ms. Buttons stay enabled:
  // a disabled button drops the keyboard's focus to <body>; hx-sync="this:drop" stops the second request.
  const timers = new WeakMap();
  const busy = (form, is) => {
    const line = form?.querySelector?.('[data-busy]');
    if (!line) return;
    clearTimeout(timers.get(line));
    if (is) timers.set(line, setTimeout(() => { line.textContent = line.dataset.busy; }, SLOW_MS));
    else line.textContent = '';
  };

  const alarm = words => {
    const line = document.getElementById('alarm');
    if (line && line.textContent !== words) line.textContent = words;
  };

  let held = null;                              // who had the focus when the request left
  on('htmx:beforeRequest', e => {
    const had = document.activeElement;
    held = had && had !== document.body ? { id: had.id, name: had.name } : null;
    e.detail.target?.setAttribute('aria-busy', 'true');
    busy(e.detail.elt, true);
  });
  on('htmx:afterRequest', e => {
    e.detail.target?.removeAttribute('aria-busy');
    busy(e.detail.elt, false);
  });
  // Answering counts once however often it is sent, so a form marked data-resend is sent again, four times within about
  // two seconds, when the server was busy (503) or could not be reached. Only then is it said that it did not work.
  const WAITS_MS = [100, 250, 500, 1000], resent = new WeakMap();
  const resend = ({ elt, requestConfig }) => {
    const form = elt?.closest?.('form[data-resend]'), times = resent.get(form) ?? 0;
    if (!form || times >= WAITS_MS.length) { resent.delete(form); return false; }
    resent.set(form, times + 1);
    const pressed = requestConfig?.triggeringEvent?.submitter;
    setTimeout(() => { if (form.isConnected) form.requestSubmit(pressed?.form === form ? pressed : null); }, WAITS_MS[times]);
    return true;
  };

  on('htmx:sendError htmx:timeout htmx:responseError', e => {
    const words = document.getElementById('alarm')?.dataset, xhr = e.detail.xhr, status = xhr?.status ?? 0;
    if (!words || status === 422) return;
    if (e.type !== 'htmx:timeout' && (status === 0 || status === 503) && resend(e.detail)) return;
    const told = e.type === 'htmx:timeout' ? words.busyServer : status === 0 ? words.offline : status === 401 || status === 403 ? words.denied
      : status === 429 ? words.often : status === 503 ? words.busyServer : words.server;
    const reference = status && xhr.getResponseHeader('X-Request-ID');
    alarm(reference ? `${told} (${words.reference} ${reference})` : told);
  });

  // htmx honours autofocus in what it swaps in and keeps focus on an element whose id comes back. Otherwise the focus
  // is lost on <body>: put it where it was, or on what came in.
  const seen = new WeakSet();
  on('htmx:afterSettle', e => {
    const { target, xhr } = e.detail;
    if (xhr && xhr.status < 400) alarm('');
    if (xhr && !seen.has(xhr)) { seen.add(xhr); show(target?.isConnected ? target : document.body); }
    if (!held || document.activeElement !== document.body) return;
    const again = held.id && document.getElementById(held.id) || held.name && document.getElementsByName(held.name)[0]
      || (target?.isConnected ? target : document.getElementById('main'));
    if (again.tabIndex < 0) again.tabIndex = -1;
    again.focus({ preventScroll: true });
  });

  // Plain forms: a second press while the first is on its way is dropped. A page that Back brings again may send again.
  const sent = new Map();
  document.addEventListener('submit', e => {
    const form = e.target;
    if (form.method !== 'post' || form.hasAttribute('hx-post')) return;
    if (Date.now() - (sent.get(form) ?? 0) < RESEND_MS) { e.preventDefault(); return; }
    sent.set(form, Date.now());
    busy(form, true);
  });
  window.addEventListener('pageshow', () => { sent.forEach((_, form) => busy(form, false)); sent.clear(); });

  // The days of somebody new are those of the place where the browser is: a hidden input or a select with data-zone.
  document.addEventListener('jingdu:load', e => {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone ?? '';
    for (const field of e.detail.root.querySelectorAll('[data-zone]'))
      if (!field.options || [...field.options].some(option => option.value === zone)) field.value = zone;
  });

  // <label data-reveal="id of the field" hidden><input type="checkbox"> …: shows a password; it is sent hidden again.
  document.addEventListener('jingdu:load', e => {
    for (const label of e.detail.root.querySelectorAll('[data-reveal]')) {
      const field = document.getElementById(label.dataset.reveal), box = label.querySelector('input');
      const draw = () => { field.type = box.checked ? 'text' : 'password'; };
      label.hidden = false;
      box.addEventListener('change', draw);
      field.form.addEventListener('submit', () => { box.checked = false; draw(); });
      draw();
    }
  });

  // A menu closes on Escape, on a press elsewhere and when the focus leaves it.
  document.addEventListener('keydown', e => {
    const menu = e.key === 'Escape' && e.target.closest?.('details.menu[open]');
    if (menu) { menu.open = false; menu.querySelector('summary').focus(); }
  });
  on('click focusin', e => {
    for (const menu of document.querySelectorAll('details.menu[open]')) if (!menu.contains(e.target)) menu.open = false;
  });

  // hx-trigger="tick from:body": every 10 s while the page is seen, and at once on return.
  const tick = () => { if (!document.hidden && document.querySelector('[hx-trigger~="tick"]')) document.body.dispatchEvent(new Event('tick')); };
  setInterval(tick, Number(document.body.dataset.tick || 10) * 1000);
  document.addEventListener('visibilitychange', tick);

  document.addEventListener('DOMContentLoaded', () => show(document.body));
})();
