// The list of visits: one row each, walked through with j and k (or the arrow keys), opened with Enter.
// Everything that people wrote is set as text, never as markup.

const instances = new WeakMap();

export default function (component) {
  const { parentElement, data, setTriggerValue } = component;
  let list = instances.get(parentElement);
  if (!list) {
    list = makeList(parentElement);
    instances.set(parentElement, list);
  }
  list.open = (id) => setTriggerValue("open", id);
  list.show(data);
  return () => list.leave();
}

function makeList(parent) {
  const root = document.createElement("div");
  root.className = "list";
  parent.appendChild(root);
  const list = { open: () => {}, rows: [], at: 0 };

  function choose(index, focus) {
    if (!list.rows.length) return;
    list.at = Math.max(0, Math.min(list.rows.length - 1, index));
    list.rows.forEach((row, n) => (row.tabIndex = n === list.at ? 0 : -1));
    if (focus) {
      list.rows[list.at].focus();
      list.rows[list.at].scrollIntoView({ block: "nearest" });
    }
  }

  function move(event) {
    const steps = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    if (event.key in steps) {
      const inList = root.contains(parent.activeElement ?? document.activeElement);
      choose(inList ? list.at + steps[event.key] : list.at, true);
      return true;
    }
    return false;
  }

  // j, k and Enter work from anywhere on the page, except while somebody is typing.
  function onKey(event) {
    const path = event.composedPath();
    const typing = path.some((one) => one instanceof HTMLElement && (one.matches("input, textarea, select") || one.isContentEditable));
    if (typing || !root.isConnected) return;
    if ((event.key === "j" || event.key === "k") && move(event)) event.preventDefault();
  }
  document.addEventListener("keydown", onKey);
  root.addEventListener("keydown", (event) => {
    if (event.key.startsWith("Arrow") && move(event)) event.preventDefault();
    if (event.key === "Enter" && event.target.classList.contains("row")) list.open(event.target.dataset.visit);
  });

  list.show = (data) => {
    const kept = list.rows[list.at]?.dataset.visit;
    list.rows = data.rows.map((row) => drawRow(row, list));
    root.replaceChildren(...list.rows);
    const again = list.rows.findIndex((row) => row.dataset.visit === kept);
    choose(again >= 0 ? again : 0, false);
  };
  list.leave = () => document.removeEventListener("keydown", onKey);
  return list;
}

function drawRow(row, list) {
  const line = made("a", "row");
  line.href = row.href;
  line.dataset.visit = row.id;
  line.dataset.grave = row.grave;
  line.setAttribute("aria-label", row.spoken);
  line.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return; // a new tab is opened by the browser itself
    event.preventDefault();
    list.open(row.id);
  });
  const head = made("div", "head");
  head.append(made("span", "who", row.who), made("span", "when", row.when), made("span", `state ${row.state}`, row.state_text));
  const text = made("div", "text");
  text.append(head, ...row.lines.map((said) => made("p", said.kind, said.text)));
  const pictures = made("div", "pictures");
  for (const one of row.pictures) {
    const picture = made("figure");
    const image = made("img");
    Object.assign(image, { src: one.src, alt: "", loading: "lazy", decoding: "async" });
    picture.append(image, made("figcaption", "", one.text));
    pictures.append(picture);
  }
  line.append(text, pictures);
  return line;
}
