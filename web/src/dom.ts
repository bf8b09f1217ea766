// Elements from a call. Text is always text: nothing of the data is read as HTML.
export type Child = Node | string | number | null | undefined | false;
type Attributes = Record<string, string | number | boolean | undefined | ((event: Event) => void)>;

export function h<K extends keyof HTMLElementTagNameMap>(tag: K, attributes: Attributes = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (typeof value === 'function') element.addEventListener(name, value);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  for (const child of children) if (child !== null && child !== undefined && child !== false) element.append(typeof child === 'number' ? String(child) : child);
  return element;
}

// A titled card; `note` says what the reader should know of how it is drawn.
export function card(id: string, title: string, note: Child, ...children: Child[]): HTMLElement {
  return h('section', { class: 'card', id, 'aria-labelledby': `${id}-title` },
    h('div', { class: 'card-head' }, h('h2', { id: `${id}-title` }, title), note ? h('p', { class: 'note' }, note) : null),
    ...children);
}

export const empty = (text: string): HTMLElement => h('p', { class: 'empty' }, text);

// A button that copies, and says so.
export function copyButton(text: string, what: string): HTMLElement {
  const button = h('button', { type: 'button', class: 'small', 'aria-label': `Copy ${what}` }, 'Copy');
  button.addEventListener('click', () => {
    const done = (label: string): void => {
      button.textContent = label;
      setTimeout(() => { button.textContent = 'Copy'; }, 1500);
    };
    navigator.clipboard?.writeText(text).then(() => done('Copied'), () => done('Not allowed')) ?? done('Not allowed');
  });
  return button;
}
