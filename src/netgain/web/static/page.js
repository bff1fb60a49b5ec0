// Draws every chart that a tab's HTML asks for, again when its place changes its width.
(() => {
  const lastPictures = new Map();

  // Where there is little room, panels and the entries of a legend stand below each other, and long lines break.
  function stacked(key, value) {
    if (key === "subtitle") return [value].flat().flatMap((line) => line.match(/.{1,44}(\s|$)/g) ?? line);
    if (key === "legend" && value) return { ...value, columns: 1 };
    if (!value?.hconcat) return value;
    const { hconcat, ...rest } = value;
    return { ...rest, vconcat: hconcat };
  }

  async function draw(box) {
    const width = Math.round(box.clientWidth);
    if (!width || Math.abs(width - Number(box.dataset.drawnAt || 0)) < 8) return;
    box.dataset.drawnAt = width;
    const name = box.dataset.name;
    // A live chart that comes anew shows its last picture until the next one is ready: nothing flickers.
    if (!box.innerHTML && lastPictures.has(name)) box.innerHTML = lastPictures.get(name);
    while (!window.vegaEmbed) await new Promise((resolve) => setTimeout(resolve, 40));
    const narrow = width < 600;
    const specification = JSON.parse((narrow && box.dataset.narrow) || box.dataset.specification, narrow ? stacked : null);
    await window.vegaEmbed(box, specification, { mode: "vega-lite", renderer: "svg", actions: false });
    // The box has the role and the words: the marks, which Vega gives roles of their own, are not read out.
    box.querySelector("svg")?.setAttribute("aria-hidden", "true");
    lastPictures.set(name, box.innerHTML);
    box.dataset.ready = "yes";
  }

  // A report is as high as what it says, so that the page has one scroll bar.
  function fit(frame) {
    const body = frame.contentDocument?.body;
    if (!body || frame.contentDocument.URL === "about:blank") return;
    frame.parentElement.classList.add("ready");
    new ResizeObserver(() => { frame.style.height = `${body.offsetHeight + 4}px`; }).observe(body);
  }
  document.addEventListener("load", (event) => { if (event.target.matches?.(".report-frame")) fit(event.target); }, true);

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
