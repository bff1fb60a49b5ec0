// Draws every chart that a tab's HTML asks for, again when its place changes its width.
(() => {
  const lastPictures = new Map();

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
    await window.vegaEmbed(box, specification, { mode: "vega-lite", renderer: "svg", actions: false });
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
