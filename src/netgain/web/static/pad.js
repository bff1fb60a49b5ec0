// The field to draw on. Every stroke, and a photo, becomes the component's value: a picture as a data URL.
const canvas = element.querySelector("canvas");
const pen = canvas.getContext("2d", { willReadFrequently: true });
const photo = element.querySelector("input[type=file]");
const hint = element.querySelector(".hint");
let drawing = false;
let lastSent = 0;

function clear() {
  pen.fillStyle = "#000";
  pen.fillRect(0, 0, canvas.width, canvas.height);
}

function send(content) {
  hint.style.display = content ? "none" : "";
  lastSent = Date.now();
  props.value = content;
  trigger("input");
}

function place(event) {
  const scale = canvas.width / canvas.clientWidth;
  return [event.offsetX * scale, event.offsetY * scale];
}

function ink() {
  pen.strokeStyle = "#fff";
  pen.lineWidth = Number(canvas.dataset.pen);
  pen.lineCap = pen.lineJoin = "round";
}

function stroke(event) {
  ink();
  pen.lineTo(...place(event));
  pen.stroke();
}

function finish() {
  if (!drawing) return;
  drawing = false;
  send(canvas.toDataURL());
}

canvas.addEventListener("pointerdown", (event) => {
  drawing = true;
  hint.style.display = "none";
  canvas.setPointerCapture(event.pointerId);
  pen.beginPath();
  pen.moveTo(...place(event));
  stroke(event);
});
canvas.addEventListener("pointermove", (event) => {
  if (!drawing) return;
  stroke(event);
  if (Date.now() - lastSent > 250) send(canvas.toDataURL());
});
canvas.addEventListener("pointerup", finish);
canvas.addEventListener("pointercancel", finish);
// By keyboard: the arrow keys move a cursor, the space bar puts the pen down and lifts it.
const first = Math.min(canvas.width, canvas.height) / 2;  // at the left of a wide field, where a number begins
const cursor = { x: first, y: canvas.height / 4, down: false, mark: document.createElement("i") };
const STEPS = { ArrowLeft: [-8, 0], ArrowRight: [8, 0], ArrowUp: [0, -8], ArrowDown: [0, 8] };
canvas.tabIndex = 0;
canvas.ariaLabel += ": arrow keys move the pen, the space bar puts it down and lifts it";
canvas.after(cursor.mark);

function point() {
  const scale = canvas.clientWidth / canvas.width;
  cursor.mark.className = cursor.down ? "cursor down" : "cursor";
  cursor.mark.style.left = `${canvas.offsetLeft + cursor.x * scale}px`;
  cursor.mark.style.top = `${canvas.offsetTop + cursor.y * scale}px`;
}

function lift() {
  if (!cursor.down) return;
  cursor.down = false;
  send(canvas.toDataURL());
}

canvas.addEventListener("focus", point);
canvas.addEventListener("blur", lift);
canvas.addEventListener("keydown", (event) => {
  const step = STEPS[event.key];
  if (!step && event.key !== " ") return;
  event.preventDefault();
  if (step) {
    const [x, y] = [cursor.x, cursor.y];
    cursor.x = Math.min(canvas.width, Math.max(0, x + step[0]));
    cursor.y = Math.min(canvas.height, Math.max(0, y + step[1]));
    if (cursor.down) {
      pen.beginPath();
      pen.moveTo(x, y);
      ink();
      pen.lineTo(cursor.x, cursor.y);
      pen.stroke();
    }
  } else if (cursor.down) lift();
  else cursor.down = true;
  point();
});
element.querySelector("button.clear").addEventListener("click", () => { clear(); send(""); });
element.querySelector("button.photo").addEventListener("click", () => photo.click());

element.querySelectorAll(".example").forEach((example) => example.addEventListener("click", () => {
  clear();
  ink();
  pen.stroke(new Path2D(example.dataset.path));
  send(canvas.toDataURL());
}));

photo.addEventListener("change", async () => {
  const file = photo.files[0];
  photo.value = "";
  if (!file) return;
  clear();
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, 2 * canvas.width / Math.max(picture.width, picture.height));
    const small = document.createElement("canvas");
    small.width = Math.max(1, Math.round(picture.width * scale));
    small.height = Math.max(1, Math.round(picture.height * scale));
    const brush = small.getContext("2d");
    brush.fillStyle = "#fff";  // paper, where the photo is transparent
    brush.fillRect(0, 0, small.width, small.height);
    brush.imageSmoothingQuality = "high";
    brush.drawImage(picture, 0, 0, small.width, small.height);
    const fit = Math.min(canvas.width / small.width, canvas.height / small.height);
    const [width, height] = [small.width * fit, small.height * fit];
    pen.drawImage(small, (canvas.width - width) / 2, (canvas.height - height) / 2, width, height);
    // The file itself, so that the page answers just as netgain predict does; a very large one would take too long.
    if (file.size > 4_000_000) send(small.toDataURL());
    else sendFile(file);
  } catch {
    // What the browser cannot open is sent as it is: the server can, or says what is wrong with it.
    sendFile(file);
  }
});

function sendFile(file) {
  const reader = new FileReader();
  reader.onload = () => send(reader.result);
  reader.readAsDataURL(file.slice(0, 25_000_000));
}

clear();
