// A place for files: a folder or files that are dropped or chosen become the component's value, as text. They go to the
// server when they are asked about, not before.
const place = element.querySelector(".drop");
const said = element.querySelector(".said");
const limits = { files: Number(place.dataset.files), bytes: Number(place.dataset.bytes) };
let chosen = 0;

function say(words, isProblem) {
  said.textContent = words;
  said.classList.toggle("field-problem", Boolean(isProblem));
}

function inMegabytes(bytes) {
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}

function encoded(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}

function put(value) {
  props.value = value;
  trigger("input");
}

// `found`: pairs of a path and a file.
async function take(found) {
  const mine = ++chosen;
  const files = found.filter(([path]) => !path.split("/").some((part) => part.startsWith(".")));
  const bytes = files.reduce((sum, [, file]) => sum + file.size, 0);
  if (!files.length) return say("There are no files in it.", true);
  if (files.length > limits.files || bytes > limits.bytes) {
    put("");
    return say(`These are ${files.length.toLocaleString("en")} files of ${inMegabytes(bytes)}; this page takes at most `
      + `${limits.files.toLocaleString("en")} files of ${inMegabytes(limits.bytes)}. The command netgain fractions `
      + "has no limit.", true);
  }
  say(`Reading ${files.length.toLocaleString("en")} files…`);
  try {
    const contents = await Promise.all(files.map(async ([path, file]) => ({ path, data: await encoded(file) })));
    if (mine !== chosen) return;
    put(JSON.stringify(contents));
    const what = files.length === 1 ? files[0][0] : `${files.length.toLocaleString("en")} files`;
    say(`${what}, ${inMegabytes(bytes)}. Press Estimate.`);
  } catch (error) {
    say(`A file cannot be read: ${error.message}.`, true);
  }
}

async function below(entry) {
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
    return [[entry.fullPath.replace(/^\//, ""), file]];
  }
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) return found;
    for (const inner of some) found.push(...(await below(inner)));
    if (found.length > limits.files) return found;
  }
}

place.addEventListener("dragover", (event) => { event.preventDefault(); place.classList.add("over"); });
place.addEventListener("dragleave", () => place.classList.remove("over"));
place.addEventListener("drop", async (event) => {
  event.preventDefault();
  place.classList.remove("over");
  const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry()).filter(Boolean);
  const found = [];
  for (const entry of entries) found.push(...(await below(entry)));
  take(found);
});
for (const kind of ["folder", "files"]) {
  const input = element.querySelector(`input.${kind}`);
  element.querySelector(`button.${kind}`).addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    const found = [...input.files].map((file) => [file.webkitRelativePath || file.name, file]);
    input.value = "";
    if (found.length) take(found);
  });
}
