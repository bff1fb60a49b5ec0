// A cell of a feature map, under the pointer or chosen with the arrow keys, outlines the pixels that it sees.
const cells = new WeakMap();  // map -> its chosen [row, column]

const fieldsOf = (map) => JSON.parse(map.parentElement.dataset.fields);

function listed(places) {
  const [first, last] = [places[0] + 1, places[places.length - 1] + 1];
  if (places.length === 1) return `${first}`;
  return last - first + 1 === places.length ? `${first} to ${last}` : places.map((place) => place + 1).join(", ");
}

function inWords(map, row, column, rows, columns) {
  const layer = map.parentElement, number = [...layer.children].indexOf(map) + 1;
  const cell = `Convolution ${layer.dataset.layer}, map ${number}, row ${row + 1}, column ${column + 1}`;
  if (!rows.length || !columns.length) return `${cell} sees only padding around the drawing.`;
  const pixels = `${rows.length} × ${columns.length} pixels`;
  return `${cell} sees ${pixels} of the drawing: rows ${listed(rows)}, columns ${listed(columns)}, counted from 1.`;
}

// Pixels side by side become one rectangle, so that the outline goes around all of them.
function runs(places) {
  const found = [];
  for (const place of places) {
    const last = found[found.length - 1];
    if (last && last[0] + last[1] === place) last[1] += 1; else found.push([place, 1]);
  }
  return found;
}

function show(map, row, column) {
  const [allRows, allColumns] = fieldsOf(map);
  const [rows, columns] = [allRows[row], allColumns[column]];
  const view = map.closest(".feature-maps");
  const rectangles = runs(rows).flatMap(([y, height]) =>
    runs(columns).map(([x, width]) => `M${x} ${y}h${width}v${height}h${-width}z`));
  view.querySelector(".outline path").setAttribute("d", rectangles.join(""));
  view.querySelectorAll(".cell").forEach((other) => { other.style.display = "none"; });
  const marker = map.querySelector(".cell"), size = [100 / allColumns.length, 100 / allRows.length];
  Object.assign(marker.style, {
    display: "block", width: `${size[0]}%`, height: `${size[1]}%`,
    left: `${column * size[0]}%`, top: `${row * size[1]}%`,
  });
  cells.set(map, [row, column]);
  view.querySelector("[role=status]").textContent = inWords(map, row, column, rows, columns);
}

function pointed(event) {
  const map = event.target.closest?.(".map");
  if (!map) return;
  const box = map.getBoundingClientRect(), [rows, columns] = fieldsOf(map);
  const inside = (share, count) => Math.min(count - 1, Math.max(0, Math.floor(share * count)));
  show(map, inside((event.clientY - box.top) / box.height, rows.length),
    inside((event.clientX - box.left) / box.width, columns.length));
}

function middle(map) {
  const [rows, columns] = fieldsOf(map);
  return [Math.floor(rows.length / 2), Math.floor(columns.length / 2)];
}

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

function moved(event) {
  const map = event.target.closest?.(".map"), step = STEPS[event.key];
  if (!map || !step) return;
  event.preventDefault();
  const [rows, columns] = fieldsOf(map), [row, column] = cells.get(map) || middle(map);
  const next = [row + step[0], column + step[1]];
  if (next[0] < 0 || next[0] >= rows.length) return;
  if (next[1] >= 0 && next[1] < columns.length) { show(map, ...next); return; }
  // Beyond the side of a map comes the next map.
  const other = step[1] > 0 ? map.nextElementSibling : map.previousElementSibling;
  if (!other) return;
  cells.set(other, [row, step[1] > 0 ? 0 : columns.length - 1]);
  other.focus();
}

function focused(event) {
  const map = event.target.closest?.(".map");
  if (!map || !map.matches(":focus-visible")) return;
  [...map.parentElement.children].forEach((other) => { other.tabIndex = other === map ? 0 : -1; });
  show(map, ...(cells.get(map) || middle(map)));
}

element.addEventListener("pointermove", pointed);
element.addEventListener("pointerdown", pointed);
element.addEventListener("keydown", moved);
element.addEventListener("focusin", focused);
