// The sliders below a picture that can be explored. Every combination of stops is a frame that is there already.

const GLIDE = 220; // ms from stop to stop

/** The sliders of a figure with a tour. */
function createExplorer(figure, view, bar) {
  const { sliders, scenes } = figure.tour;
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  const spoken = make("span", "elboroom-spoken");
  spoken.setAttribute("aria-live", "polite");
  const inputs = sliders.map((slider) => {
    const label = make("label", "elboroom-slider");
    const input = make("input", "elboroom-scrub");
    const value = make("output", "elboroom-value");
    input.type = "range";
    input.min = 0;
    input.max = slider.labels.length - 1;
    input.step = 1;
    input.value = slider.start;
    value.style.minWidth = Math.max(...slider.labels.map((l) => l.length)) + 1 + "ch";
    input.addEventListener("input", () => go(true));
    input.addEventListener("change", () => { spoken.textContent = words(); });
    label.append(make("span", "elboroom-slider-name", slider.name), input, value);
    bar.append(label);
    return { slider, input, value };
  });
  bar.append(spoken);

  function words() {
    const w = view.frame.words;
    return [w.caption, w.numbers].filter(Boolean).join(", ");
  }

  function go(tween) {
    let place = 0;
    for (const { slider, input, value } of inputs) {
      const stop = Number(input.value);
      place = place * slider.labels.length + stop;
      value.textContent = slider.labels[stop];
      input.setAttribute("aria-valuetext", slider.labels[stop]);
    }
    view.show(figure.frames[scenes[place]], tween && !calm.matches ? GLIDE : 0);
  }

  go(false);
}
