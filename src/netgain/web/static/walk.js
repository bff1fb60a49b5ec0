// The square of random vectors. Under the pointer, the place goes to the server many times a second; where the pointer
// rests, the place goes into the sliders, and from there into the address.
const pad = element.querySelector(".walk-pad");
const mark = pad.querySelector(".mark");
const place = { x: 0.5, y: 0.5 };
const BETWEEN = 60, REST = 350, STEP = 0.04;
let lastSent = 0, resting, later;

function show() {
  mark.style.left = `${100 * place.x}%`;
  mark.style.top = `${100 * place.y}%`;
}

function say(kind) {
  props.value = `${place.x.toFixed(3)} ${place.y.toFixed(3)}`;
  trigger(kind);
}

function send() {
  clearTimeout(later);
  const wait = lastSent + BETWEEN - Date.now();
  if (wait > 0) { later = setTimeout(send, wait); return; }
  lastSent = Date.now();
  say("input");
}

function move(x, y) {
  place.x = Math.min(1, Math.max(0, x));
  place.y = Math.min(1, Math.max(0, y));
  show();
  send();
  clearTimeout(resting);
  resting = setTimeout(rest, REST);
}

// What the pad has put into the sliders, and what was in them: they report it back later, when the pointer has moved on.
let put = { x: place.x, y: place.y }, before = put;

function rest() {
  [before, put] = [put, { x: Number(place.x.toFixed(3)), y: Number(place.y.toFixed(3)) }];
  say("submit");
}

function isEcho(x, y) {
  return (x === put.x && (y === put.y || y === before.y)) || (x === before.x && y === put.y);
}

function pointed(event) {
  const box = pad.getBoundingClientRect();
  move((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
}

const STEPS = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };
pad.addEventListener("pointermove", pointed);
pad.addEventListener("pointerdown", (event) => { pad.setPointerCapture(event.pointerId); pointed(event); });
pad.addEventListener("keydown", (event) => {
  const step = STEPS[event.key];
  if (!step) return;
  event.preventDefault();
  move(place.x + step[0], place.y + step[1]);
});

window.netgainWalk = {
  place(x, y) {
    if (isEcho(x, y)) return;
    Object.assign(place, { x, y });
    before = put = { x, y };
    show();
  },
};
show();
