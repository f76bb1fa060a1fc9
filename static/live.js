// The live part of a class page: says when the number of those who are stuck rises, and when it was last seen.
(() => {
  const part = () => document.getElementById('live');
  const put = (id, words) => { const line = document.getElementById(id); if (line && line.textContent !== words) line.textContent = words; };
  let stuck = null;

  document.addEventListener('jingdu:load', () => {
    const live = part();
    if (!live?.dataset.stuck) return;
    const now = Number(live.dataset.stuck);
    if (stuck !== null && now > stuck) put('say', live.dataset.words);
    stuck = now;
  });

  // ui.js has set its own words for a lost connection: here it is the time of what stands on the page that matters.
  const lost = e => { if (e.detail.target?.id === 'live' && part()?.dataset.offline) put('alarm', part().dataset.offline); };
  for (const name of ['htmx:sendError', 'htmx:timeout']) document.addEventListener(name, lost);
  document.addEventListener('htmx:afterRequest', e => {
    if (e.detail.target?.id === 'live' && e.detail.xhr?.status === 304) put('alarm', '');
  });
})();
