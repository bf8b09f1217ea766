// Three buttons: what the system says, light, dark.
import { h } from '../dom';
import { choose, chosen, type Choice } from '../theme';

const choices: [Choice, string][] = [['auto', 'Auto'], ['light', 'Light'], ['dark', 'Dark']];

export function themeSwitch(): HTMLElement {
  const buttons = choices.map(([choice, name]) => {
    const button = h('button', { type: 'button', 'data-choice': choice }, name);
    button.addEventListener('click', () => {
      choose(choice);
      mark();
    });
    return button;
  });
  const mark = (): void => buttons.forEach((button) => button.setAttribute('aria-pressed', String(button.dataset['choice'] === chosen())));
  mark();
  return h('div', { class: 'switch', role: 'group', 'aria-label': 'Colours' }, ...buttons);
}
