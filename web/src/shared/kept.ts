// What the browser keeps of somebody's choices. In a frame of a stranger's page it may refuse to; then nothing is kept.

export function readKept(name: string): string | null {
  try {
    return localStorage.getItem(`motivo.${name}`);
  } catch {
    return null;
  }
}

export function keep(name: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(`motivo.${name}`);
    else localStorage.setItem(`motivo.${name}`, value);
  } catch {
    // it is forgotten with the page
  }
}
