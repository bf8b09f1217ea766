// Pause, resume, flatten and stop: each asked twice, none without the token.
import { h } from '../dom';
import { token } from './token';

interface Command { name: string; title: string; does: string; confirm: string }

const commands: Command[] = [
  { name: 'pause', title: 'Pause', confirm: 'Pause trading', does: 'No order that opens or adds to a position is sent until you resume. Orders that only reduce one go on, and open positions stay open.' },
  { name: 'resume', title: 'Resume', confirm: 'Resume trading', does: 'The strategy may open positions again from the next bar on.' },
  { name: 'flatten', title: 'Flatten', confirm: 'Flatten now', does: 'Every working order is cancelled and every position is closed at the market. After that nothing is opened until you resume.' },
  { name: 'stop', title: 'Stop', confirm: 'Stop the session', does: 'The session ends: the feed is closed, recording and summary are written, and the program exits. Open positions stay as they are. This page cannot start it again.' },
];

export function commandButtons(say: (text: string) => void): HTMLElement {
  const allowed = token() !== null;
  const buttons = commands.map((command) => {
    const button = h('button', { type: 'button', 'data-command': command.name, disabled: !allowed, 'aria-describedby': allowed ? undefined : 'read-only' }, command.title);
    button.addEventListener('click', () => ask(command, say));
    return button;
  });
  return h('div', { class: 'commands' },
    h('div', { class: 'buttons', role: 'group', 'aria-label': 'Commands' }, ...buttons),
    allowed ? null : h('p', { class: 'note', id: 'read-only' }, 'Read only: open the address with the token that hftsim paper printed to command the session.'));
}

// The dialog keeps the focus inside, Esc cancels, and the focus goes back to the button.
function ask(command: Command, say: (text: string) => void): void {
  const cancel = h('button', { type: 'button' }, 'Cancel');
  const confirm = h('button', { type: 'button', class: command.name === 'stop' || command.name === 'flatten' ? 'grave' : 'main', 'data-confirm': command.name }, command.confirm);
  const dialog = h('dialog', { 'aria-labelledby': 'ask-title', 'aria-describedby': 'ask-text' },
    h('h2', { id: 'ask-title' }, `${command.title}?`), h('p', { id: 'ask-text' }, command.does),
    h('div', { class: 'buttons' }, cancel, confirm)) as HTMLDialogElement;
  cancel.addEventListener('click', () => dialog.close());
  confirm.addEventListener('click', () => {
    dialog.close();
    void send(command, say);
  });
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  cancel.focus();
}

async function send(command: Command, say: (text: string) => void): Promise<void> {
  const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${token() ?? ''}` };
  try {
    const answer = await fetch('/api/command', { method: 'POST', headers, body: JSON.stringify({ command: command.name }) });
    if (answer.ok) say(`${command.title} was sent.`);
    else if (answer.status === 401 || answer.status === 403) say(`${command.title} was refused: the token is not that of this session.`);
    else say(`${command.title} was refused (${answer.status}).`);
  } catch {
    say(`${command.title} was not sent: the session does not answer.`);
  }
}
