// The page's address: it keeps the tab and what the tab shows, and the Back button goes through what was shown.
const first = props.first;  // tab -> name -> the value that the address leaves out
const shown = {};  // the same for what is shown now
let tab;

function address() {
  const said = new URLSearchParams();
  for (const [name, value] of new URLSearchParams(location.search)) if (name.startsWith("__")) said.set(name, value);
  const values = Object.entries(shown[tab] || {}).filter(([name, value]) => value !== first[tab]?.[name]);
  if (tab !== Object.keys(first)[0] || values.length) said.set("tab", tab);
  for (const [name, value] of values) said.set(name, value);
  const text = said.toString();
  return location.pathname + (text ? `?${text}` : "");
}

function read() {
  const { tab: named, ...values } = Object.fromEntries(new URLSearchParams(location.search));
  for (const name of Object.keys(values)) if (name.startsWith("__")) delete values[name];
  tab = named in first ? named : Object.keys(first)[0];  // of another one the page says that it is not there
  shown[tab] = values;
}

const TABS = "#tabs > .tab-wrapper [role=tab]";

function press() {
  const button = document.querySelector(`${TABS}[data-tab-id="${CSS.escape(tab)}"]`);
  if (button?.ariaSelected === "true") return true;
  button?.click();
  return false;
}

function open() {
  read();
  press();
  props.value = location.search;
  trigger("input");
}

function write(how) {
  if (address() !== location.pathname + location.search) history[how](null, "", address());
}

window.netgainAddress = {
  // A slider passes many values: they replace each other, so that Back leaves the tab at once.
  keep(name, values, is_first = false) {
    const texts = Object.fromEntries(Object.entries(values).map(([key, value]) => [key, String(value)]));
    shown[name] = { ...shown[name], ...texts };
    const replaces = is_first || Object.values(values).some((value) => typeof value === "number");
    if (name === tab) write(replaces ? "replaceState" : "pushState");
  },
  // Whether the address has ever kept anything of a tab.
  knows(name) { return Object.keys(shown[name] || {}).length > 0; },
};

window.addEventListener("popstate", open);
document.addEventListener("click", (event) => {
  const pressed = event.target.closest(TABS)?.dataset.tabId;
  if (!pressed || pressed === tab) return;
  tab = pressed;
  write("pushState");
}, true);
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-here]");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (link.search !== location.search) history.pushState(null, "", link.search || location.pathname);
  open();
  window.scrollTo(0, 0);
});
read();
// While the page is being made Gradio selects its first tab, and may do so after this: press until it stays.
let stays = 0;
const pressing = setInterval(() => {
  stays = press() ? stays + 1 : 0;
  if (stays === 20) clearInterval(pressing);
}, 50);
