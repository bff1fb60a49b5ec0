// Draws every chart that a tab's HTML asks for, again when its place changes its width.
(() => {
  const lastPictures = new Map();

  // Vega-Lite warns of heights in steps, which are meant so.
  const errorsOnly = {
    level() { return this; },
    error(...parts) { console.error(...parts); return this; },
    warn() { return this; },
    info() { return this; },
    debug() { return this; },
  };

  async function draw(box) {
    const width = Math.round(box.clientWidth);
    if (!width || Math.abs(width - Number(box.dataset.drawnAt || 0)) < 8) return;
    box.dataset.drawnAt = width;
    const name = box.dataset.name;
    // A live chart that comes anew shows its last picture until the next one is ready: nothing flickers.
    if (!box.innerHTML && lastPictures.has(name)) box.innerHTML = lastPictures.get(name);
    while (!window.vegaEmbed) await new Promise((resolve) => setTimeout(resolve, 40));
    const narrow = width < 600 && box.dataset.narrow;
    const specification = JSON.parse(narrow || box.dataset.specification);
    const { spec } = window.vegaLite.compile(specification, { logger: errorsOnly });
    await window.vegaEmbed(box, spec, { mode: "vega", renderer: "svg", actions: false });
    lastPictures.set(name, box.innerHTML);
    box.dataset.ready = "yes";
  }

  const sizes = new ResizeObserver((entries) => entries.forEach((entry) => draw(entry.target)));

  function adopt(root) {
    if (!(root instanceof Element)) return;
    const boxes = [...root.querySelectorAll(".netgain-chart")];
    if (root.matches(".netgain-chart")) boxes.push(root);
    for (const box of boxes) if (!box.dataset.adopted) { box.dataset.adopted = "yes"; sizes.observe(box); }
  }

  new MutationObserver((changes) => changes.forEach((change) => change.addedNodes.forEach(adopt)))
    .observe(document.documentElement, { childList: true, subtree: true });
  adopt(document.documentElement);
})();
