// The bar below a movie: play, pause, steps, scrubbing, loop, speed; and the buttons that hide a name.

const TWEEN = 420; // ms at most; never more than half a frame's hold
const SPEEDS = [0.5, 1, 2, 4];

const ICONS = { // paths in a box of 16
  play: "M4 2l10 6-10 6z", pause: "M3 2h4v12H3zM9 2h4v12H9z", back: "M3 2h2.5v12H3zM13.5 2v12L6 8z", next: "M10.5 2H13v12h-2.5zM2.5 2v12L10 8z",
  zoom: "M6.5 1a5.5 5.5 0 1 0 3.2 10l3.9 3.9 1.3-1.3-3.9-3.9A5.5 5.5 0 0 0 6.5 1zm0 1.8a3.7 3.7 0 1 1 0 7.4 3.7 3.7 0 0 1 0-7.4zM5.7 4.3v1.4H4.3v1.6h1.4v1.4h1.6V7.3h1.4V5.7H7.3V4.3z",
  save: "M7 1h2v6h3l-4 4.5L4 7h3zM2 12h2v1.5h8V12h2v3H2z", full: "M1 1h5v2H3v3H1zM10 1h5v5h-2V3h-3zM1 10h2v3h3v2H1zM13 10h2v5h-5v-2h3z",
  loop: "M8 3a5 5 0 0 1 4.6 3H10v2h6V2h-2v2.4A7 7 0 0 0 1.3 6h2.2A5 5 0 0 1 8 3zm0 10a5 5 0 0 1-4.6-3H6V8H0v6h2v-2.4A7 7 0 0 0 14.7 10h-2.2A5 5 0 0 1 8 13z",
};

function iconButton(name, label) {
  const button = make("button", "elboroom-button elboroom-" + name);
  button.type = "button";
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  svg.append(document.createElementNS("http://www.w3.org/2000/svg", "path"));
  button.append(svg);
  dress(button, name, label);
  return button;
}

function dress(button, icon, label) {
  button.querySelector("path").setAttribute("d", ICONS[icon]);
  button.setAttribute("aria-label", label);
  button.title = label;
}

/** The player of a figure with several frames. */
function createPlayer(figure, view, bar) {
  const frames = figure.frames, last = frames.length - 1;
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  const back = iconButton("back", "one step back"), next = iconButton("next", "one step on");
  const play = iconButton("play", "play"), loop = iconButton("loop", "loop");
  const scrub = make("input", "elboroom-scrub");
  scrub.type = "range";
  scrub.min = 0;
  scrub.max = last;
  scrub.step = 1;
  scrub.setAttribute("aria-label", "frame");
  const count = make("span", "elboroom-count");
  const speed = make("select", "elboroom-speed");
  speed.setAttribute("aria-label", "speed");
  for (const s of SPEEDS) {
    const o = make("option", "", s + "\u00d7");
    o.value = s;
    speed.append(o);
  }
  speed.value = 1;
  const spoken = make("span", "elboroom-spoken");
  spoken.setAttribute("aria-live", "polite");
  bar.append(back, play, next, scrub, count, speed, loop, spoken);
  loop.setAttribute("aria-pressed", "false");

  let at = 0, playing = false, timer = 0, seen = true, said = "";

  function go(i, tween) {
    const to = Math.min(last, Math.max(0, i));
    const f = frames[to];
    const duration = tween && !calm.matches && Math.abs(to - at) === 1 ? Math.min(TWEEN, f.hold / 2) / Number(speed.value) : 0;
    at = to;
    view.show(f, duration);
    scrub.value = at;
    const words = [f.words.caption, f.words.numbers].filter(Boolean).join(", ");
    said = words;
    scrub.setAttribute("aria-valuetext", "frame " + (at + 1) + " of " + frames.length + (words ? ": " + words : ""));
    count.textContent = at + 1 + "\u202f/\u202f" + frames.length;
    if (!playing && document.activeElement !== scrub) speak(); // the slider in focus says it by itself
  }

  function speak() {
    spoken.textContent = said;
  }

  function wait() {
    clearTimeout(timer);
    if (playing && seen && !document.hidden) timer = setTimeout(tick, frames[at].hold / Number(speed.value));
  }

  function tick() {
    if (at < last) go(at + 1, true);
    else if (loop.getAttribute("aria-pressed") === "true") go(0, false);
    else return stop();
    wait();
  }

  function start() {
    if (at === last) go(0, false);
    playing = true;
    dress(play, "pause", "pause");
    wait();
  }

  function stop() {
    playing = false;
    clearTimeout(timer);
    dress(play, "play", "play");
    speak();
  }

  function jump(i, tween) {
    if (playing) stop();
    go(i, tween);
  }

  back.addEventListener("click", () => jump(at - 1, true));
  next.addEventListener("click", () => jump(at + 1, true));
  play.addEventListener("click", () => (playing ? stop() : start()));
  loop.addEventListener("click", () => loop.setAttribute("aria-pressed", String(loop.getAttribute("aria-pressed") !== "true")));
  scrub.addEventListener("input", () => jump(Number(scrub.value), true));
  speed.addEventListener("change", wait);
  go(calm.matches ? last : 0, false);

  return {
    start,
    /** Pauses what nobody sees, and goes on when it is seen again. */
    sight(visible) {
      seen = visible;
      wait();
    },
    wait,
    key(name) {
      const keys = {
        " ": () => (playing ? stop() : start()), ArrowLeft: () => jump(at - 1, true), ArrowRight: () => jump(at + 1, true),
        Home: () => jump(0, false), End: () => jump(last, false),
      };
      if (!keys[name]) return false;
      keys[name]();
      return true;
    },
    still: calm,
  };
}

/** A button for each name of a figure that hides and shows its marks. */
function createLegend(figure, view, bar) {
  const names = new Map();
  figure.marks.forEach((mark, i) => {
    if (!mark.name || !mark.listed || names.has(mark.name)) return;
    const state = figure.frames.map((f) => f.marks[i]).find(Boolean);
    if (state) names.set(mark.name, state);
  });
  if (names.size < 2) return;
  const row = make("span", "elboroom-names");
  for (const [name, state] of names) {
    const button = make("button", "elboroom-name");
    const key = make("span", "elboroom-tip-key");
    const tint = () => { key.style.background = colorOf(view.painted(state)); };
    tint();
    view.onDress(tint);
    button.type = "button";
    button.append(key, make("span", "", name));
    button.title = "show or hide";
    button.setAttribute("aria-pressed", "true");
    button.addEventListener("click", () => button.setAttribute("aria-pressed", String(view.toggle(name))));
    row.append(button);
  }
  bar.append(row);
}
