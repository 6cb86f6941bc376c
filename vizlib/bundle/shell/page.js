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
    page.engine.then(
      (echarts) => open(echarts, root).catch((error) => say(root, "The interactive figure could not be drawn: " + error.message)),
      (error) => {
        root.classList.remove("elboroom-claimed");
        say(root, "The engine that makes this figure interactive did not arrive: " + error.message + ". Without its bundle it needs a network.");
      },
    );
  }, { rootMargin: AHEAD });
  near.observe(root);
}

function say(root, words) {
  const hint = root.querySelector(".elboroom-hint");
  if (!hint) return;
  hint.textContent = words;
  hint.classList.add("elboroom-now");
}

const open = async (echarts, root) => {
  const figure = decode(await inflate(root.getAttribute("data-figure")));
  registerForms(echarts);
  const poster = root.querySelector(".elboroom-poster");
  const alt = (poster && poster.getAttribute("alt")) || "";
  root.style.setProperty("--elboroom-paper", figure.paper);
  root.style.setProperty("--elboroom-ink", figure.ink);
  const stage = make("div", "elboroom-stage"), bar = make("div", "elboroom-bar");
  stage.setAttribute("role", "img");
  stage.setAttribute("aria-label", alt);
  root.append(stage, bar);
  root.classList.add("elboroom-live");
  const view = createView(echarts, figure, stage);
  view.show(figure.frames[0], 0);
  view.fit();
  new ResizeObserver(() => view.fit()).observe(stage);
  const hover = createHover(figure, view, stage);
  let player = null;
  if (figure.tour) {
    root.setAttribute("role", "group");
    root.setAttribute("aria-label", alt);
    createExplorer(figure, view, bar);
  } else if (figure.frames.length > 1) {
    root.tabIndex = 0;
    root.setAttribute("role", "group");
    root.setAttribute("aria-label", "movie: " + alt);
    player = createPlayer(figure, view, bar);
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
  createLegend(figure, view, bar);
  bar.hidden = !bar.childElementCount;
  root.elboroom = { figure, view, player, hover };
  root.classList.add("elboroom-drawn");
};

/** A touch elsewhere takes a figure's hover text away. */
function onPointer(event) {
  document.querySelectorAll(".elboroom-drawn").forEach((root) => { if (!root.contains(event.target)) root.elboroom.hover.clear(); });
}

/** Keys of the figure in focus. Caught before the page's own shortcuts see them; all others pass. */
function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || !(event.target instanceof Element)) return;
  const root = event.target.closest(".elboroom-drawn");
  if (!root) return;
  const player = root.elboroom.player;
  if (event.target.matches("select") || (!player && event.target.matches("input"))) {
    if (/^(Arrow|Home|End|Page)/.test(event.key)) event.stopImmediatePropagation(); // the control's own keys
    return;
  }
  if (!player || (event.key === " " && event.target.matches("button")) || !player.key(event.key)) return;
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
