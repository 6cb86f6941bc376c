/** Puts the engine on the page, once: later calls with the same format find it there. */
function start(source) {
  const key = "elboroom/" + FORMAT;
  if (window[key]) return;
  const style = document.createElement("style");
  style.textContent = CSS_TEXT;
  document.head.append(style);
  const page = (window[key] = { format: FORMAT, engine: load(source) });
  page.engine.catch(() => { // the set-up cell may be run again
    page.failed = true;
    delete window[key];
  });
  watchPage(page);
}
