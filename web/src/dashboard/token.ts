// What the program printed behind #token=: kept for this tab only, and out of the address bar.
const storageKey = 'hftsim-token';
let kept: string | null = null;

export function takeToken(): void {
  const given = new URLSearchParams(location.hash.slice(1)).get('token');
  try {
    if (given) sessionStorage.setItem(storageKey, given);
    kept = given ?? sessionStorage.getItem(storageKey);
  } catch {
    kept = given;
  }
  if (given) history.replaceState(null, '', location.pathname + location.search);
}

export const token = (): string | null => kept;
