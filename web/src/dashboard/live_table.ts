// A table whose rows come and change while it is looked at: newest first, bounded, and nothing is rebuilt that is the same.
import { h } from '../dom';

export interface Column<Row> { title: string; text: (row: Row) => string; number?: boolean; tone?: (row: Row) => string }

export class LiveTable<Row> {
  readonly element: HTMLElement;
  private readonly body = h('tbody');
  private readonly shown = new Map<Row, HTMLElement>();
  private readonly nothing: HTMLElement;

  constructor(title: string, private readonly columns: Column<Row>[], nothing: string) {
    this.nothing = h('p', { class: 'empty' }, nothing);
    this.element = h('div', { class: 'scroll live-list', tabindex: 0, role: 'region', 'aria-label': `${title}, table` },
      h('table', { class: 'list' },
        h('thead', {}, h('tr', {}, ...columns.map((column) => h('th', { scope: 'col', class: column.number ? 'number' : '' }, column.title)))), this.body),
      this.nothing);
  }

  // Rows are told apart by identity: a changed one is another object. Oldest first.
  show(rows: Row[]): void {
    const wanted = new Set(rows);
    for (const [row, line] of this.shown)
      if (!wanted.has(row)) {
        line.remove();
        this.shown.delete(row);
      }
    let after: ChildNode | null = null;
    for (let i = rows.length - 1; i >= 0; i -= 1) {
      const row = rows[i] as Row;
      let line = this.shown.get(row);
      if (!line) {
        line = this.line(row);
        this.shown.set(row, line);
        if (after) after.after(line);
        else this.body.prepend(line);
      }
      after = line;
    }
    this.nothing.hidden = rows.length > 0;
  }

  private line(row: Row): HTMLElement {
    return h('tr', {}, ...this.columns.map(({ text, number, tone }) => h('td', { class: `${number ? 'number' : ''} ${tone?.(row) ?? ''}`.trim() }, text(row))));
  }
}
