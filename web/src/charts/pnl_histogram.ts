// How much closing fills made or lost; losses, gains and the bin around zero differ in colour.
import type { Histogram } from '../contract';
import { integer, money, short } from '../format';
import type { ChartDefinition, View } from './chart';
import { axisText, categoryAxis, ownGrid, tipTable, tooltip, valueAxis } from './style';

export const pnlHistogramChart = (histogram: Histogram): ChartDefinition => ({
  id: 'pnl-histogram',
  summary: 'Distribution of the profit and loss of closing fills',
  height: 240,
  option: (view) => ({
    tooltip: tooltip(view, {
      axisPointer: { type: 'shadow' },
      formatter: (items: { dataIndex: number }[]) => tip(histogram, items[0]?.dataIndex ?? 0),
    }),
    grid: ownGrid(12),
    xAxis: categoryAxis(view, centres(histogram).map(short)),
    yAxis: valueAxis(view, { minInterval: 1, axisLabel: axisText(view, short) }),
    series: [{ name: 'Closing fills', type: 'bar', barCategoryGap: '8%', data: histogram.counts.map((count, i) => bar(histogram, i, count, view)) }],
  }),
});

const centres = ({ edges, counts }: Histogram): number[] => counts.map((_, i) => ((edges[i] as number) + (edges[i + 1] as number)) / 2);

// A bin on both sides of zero is neither.
function bar({ edges }: Histogram, i: number, count: number, view: View): object {
  const { gain, loss, muted } = view.theme;
  const color = (edges[i + 1] as number) <= 0 ? loss : (edges[i] as number) >= 0 ? gain : muted;
  return { value: count, itemStyle: { color, borderRadius: [2, 2, 0, 0] } };
}

const tip = ({ edges, counts }: Histogram, i: number): string =>
  tipTable(`${money(edges[i])} to ${money(edges[i + 1])}`, [['Closing fills', integer(counts[i])]]);
