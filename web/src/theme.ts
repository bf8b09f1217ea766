// Light, dark, or what the system says; and the colours the charts take, read from the style sheet so that
// there is one list of them. Blue and orange stay apart for colour-blind readers.
export type Choice = 'auto' | 'light' | 'dark';

export interface Theme {
  text: string;
  muted: string;
  line: string; // grid and axes
  surface: string;
  gain: string; // up, buy, above zero
  loss: string; // down, sell, below zero
  series: string;
  band: string;
  reference: string; // buy-and-hold
  second: string;
}

const storageKey = 'hftsim-theme';
const system = matchMedia('(prefers-color-scheme: dark)');
const listeners: (() => void)[] = [];
let choice: Choice = stored();

// A page opened from a disk may not have storage.
function stored(): Choice {
  try {
    const value = localStorage.getItem(storageKey);
    return value === 'light' || value === 'dark' ? value : 'auto';
  } catch {
    return 'auto';
  }
}

function apply(forced?: 'light'): void {
  const dark = choice === 'dark' || (choice === 'auto' && system.matches);
  document.documentElement.dataset['theme'] = forced ?? (dark ? 'dark' : 'light');
  for (const listener of listeners) listener();
}

export const chosen = (): Choice => choice;

export function choose(next: Choice): void {
  choice = next;
  try {
    localStorage.setItem(storageKey, next);
  } catch {
    // shown now, not remembered
  }
  apply();
}

export function colours(): Theme {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    text: colour('text'), muted: colour('muted'), line: colour('line'), surface: colour('surface'),
    gain: colour('gain'), loss: colour('loss'), series: colour('series'), band: colour('band'),
    reference: colour('reference'), second: colour('second'),
  };
}

export const onThemeChange = (listener: () => void): void => { listeners.push(listener); };

export function startTheme(): void {
  system.addEventListener('change', () => apply());
  apply();
}

// Paper is white.
export const usePaperTheme = (): void => apply('light');
export const useChosenTheme = (): void => apply();
