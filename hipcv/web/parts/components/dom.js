// Small helpers shared by the components. Text is always set as text, never as markup.

function made(name, className = "", text = null, attributes = {}) {
  const element = document.createElement(name);
  if (className) element.className = className;
  if (text !== null) element.textContent = text;
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

function drawn(name, attributes = {}, text = null) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text !== null) element.textContent = text;
  return element;
}

function button(text, onClick, className = "", attributes = {}) {
  const element = made("button", className, text, { type: "button", ...attributes });
  element.addEventListener("click", onClick);
  return element;
}
