// The life of the figures on a page. Figures and engine may come in any order, and any number of times: a
// root waits, as its poster, until there is an engine and the reader comes near.

/** Looks for figures now and whenever the page changes. */
function watchPage(page) {
  const scan = () => page.failed || document.querySelectorAll('.elboroom[data-format="' + FORMAT + '"]:not(.elboroom-claimed)').forEach((root) => claim(page, root));
  let due = false;
  new MutationObserver(() => {
    if (due) return;
    due = true;
    requestAnimationFrame(() => { due = false; scan(); });
  }).observe(document.documentElement, { childList: true, subtree: true });
  const each = (change) => () => document.querySelectorAll(".elboroom-drawn").forEach((root) => change(root.elboroom));
  const dress = each(({ view }) => view.dress());
  const ground = new MutationObserver(() => requestAnimationFrame(dress)); // a host that changes its theme says so here
  for (const el of [document.documentElement, document.body]) ground.observe(el, { attributes: true });
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", dress);
  window.addEventListener("resize", each(({ view }) => view.fit())); // a page that is zoomed may keep its widths
  document.addEventListener("fullscreenchange", each(({ view }) => view.fit()));
  document.addEventListener("visibilitychange", each(({ player }) => player && player.wait()));
  window.addEventListener("keydown", onKey, true);
  document.addEventListener("pointerdown", onPointer);
  scan();
}

const AHEAD = "800px 0px"; // so far before it is seen, a figure is drawn

/** Claims a root: from here on it waits for the engine, and to have a size near what is seen. */
function claim(page, root) {
  root.classList.add("elboroom-claimed");
  const near = new IntersectionObserver((entries) => {
    if (!entries[entries.length - 1].isIntersecting || !root.clientWidth) return;
    near.disconnect();
    const figure = inflate(root.getAttribute("data-figure")).then(decode); // while the engine is on its way
    page.engine.then(
      (echarts) => figure.then((f) => open(echarts, f, root)).catch((error) => say(root, "The interactive figure could not be drawn: " + error.message)),
      (error) => {
        root.classList.remove("elboroom-claimed");
        say(root, "The engine that makes this figure interactive did not arrive: " + error.message + ". Without its bundle it needs a network.");
      },
    );
  }, { rootMargin: AHEAD, scrollMargin: AHEAD });
  near.observe(root);
}

const AWAKE = 12; // figures at most that keep their pixels while nobody sees them
let unseen = []; // those figures, the one that was seen last behind

/** Notes whether a figure is seen, and puts to sleep what nobody has seen for long. */
function sight(root, seen) {
  unseen = unseen.filter((other) => other !== root && other.isConnected);
  if (seen) return root.elboroom.view.wake();
  if (root.isConnected) unseen.push(root);
  if (unseen.length > AWAKE) unseen.shift().elboroom.view.sleep();
}

function say(root, words) {
  const hint = root.querySelector(".elboroom-hint");
  if (!hint) return;
  hint.textContent = words;
  hint.classList.add("elboroom-now");
}

/** Draws a figure in place of its poster. */
function open(echarts, figure, root) {
  registerForms(echarts);
  const poster = root.querySelector(".elboroom-poster");
  const alt = (poster && poster.getAttribute("alt")) || "";
  const stage = make("div", "elboroom-stage"), bar = make("div", "elboroom-bar");
  stage.setAttribute("role", "img");
  stage.setAttribute("aria-label", alt);
  root.append(stage, bar);
  root.classList.add("elboroom-live");
  root.tabIndex = 0;
  root.setAttribute("role", "group");
  const movie = !figure.tour && figure.frames.length > 1;
  root.setAttribute("aria-label", (movie ? "movie: " : figure.tour ? "picture with sliders: " : "figure: ") + figure.frames[0].words.title);
  const view = createView(echarts, figure, stage, root);
  const hover = createHover(figure, view, stage);
  view.show(figure.frames[0], 0);
  let player = null;
  if (figure.tour) createExplorer(figure, view, bar);
  else if (movie) player = createPlayer(figure, view, bar);
  createLegend(figure, view, bar);
  createTools(figure, view, root);
  bar.hidden = !bar.childElementCount;
  root.elboroom = { figure, view, player, hover };
  view.fit();
  root.classList.add("elboroom-drawn");
  new ResizeObserver(view.fit).observe(stage);
  new IntersectionObserver((entries) => sight(root, entries[entries.length - 1].isIntersecting), { rootMargin: AHEAD, scrollMargin: AHEAD }).observe(stage);
  if (player) playWhenSeen(player, stage);
}

/** Starts a movie when it is seen for the first time, and pauses it whenever it is not. */
function playWhenSeen(player, stage) {
  let fresh = !player.still.matches;
  new IntersectionObserver((entries) => {
    const shown = entries[entries.length - 1].isIntersecting;
    player.sight(shown);
    if (shown && fresh) {
      fresh = false;
      player.start();
    }
  }, { threshold: 0.4 }).observe(stage);
}

/** A touch elsewhere takes a figure's hover text away. */
function onPointer(event) {
  document.querySelectorAll(".elboroom-drawn").forEach((root) => { if (!root.contains(event.target)) root.elboroom.hover.clear(); });
}

/**
 * Keys of the figure in focus, caught before the page's own shortcuts see them. A control keeps the keys that the
 * browser has for it. What else a key does on the page passes, but for letters and digits: in JupyterLab they would
 * cut or delete the cell.
 */
function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || !(event.target instanceof Element)) return;
  const root = event.target.closest(".elboroom-drawn");
  if (!root) return;
  const player = root.elboroom.player;
  const on = (what) => event.target.matches(what);
  const native = on("button") ? /^( |Enter)$/ : on("select") || (on("input") && !player) ? /^(Arrow|Home|End|Page)/ : null;
  if (native && native.test(event.key) && !event.shiftKey) return event.stopImmediatePropagation();
  const typed = /^[a-z0-9]$/i.test(event.key);
  if (on("select") || !((!event.shiftKey && player && player.key(event.key)) || toolKey(event, root))) {
    if (typed) event.stopImmediatePropagation();
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
}

/** The engine from its text, as a module of its own: no loader of the page is used or disturbed. */
function evaluate(code) {
  const module = { exports: {} };
  new Function("module", "exports", "define", code)(module, module.exports, undefined);
  return module.exports;
}

/** The engine that source names: {gzip: base64} or {url, integrity}. */
async function load(source) {
  if (source.gzip) return evaluate(await inflate(source.gzip));
  const answer = await fetch(source.url, { integrity: source.integrity });
  if (!answer.ok) throw new Error("the server of the engine answered " + answer.status);
  return evaluate(await answer.text());
}
