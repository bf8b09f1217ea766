// How much round trips made or lost; losses and gains differ in colour.
import type { Histogram } from '../contract';
import { integer, money, short } from '../format';
import type { ChartDefinition, View } from './chart';
import { axisText, categoryAxis, ownGrid, tipTable, tooltip, valueAxis } from './style';

export const pnlHistogramChart = (histogram: Histogram): ChartDefinition => ({
  id: 'pnl-histogram',
  summary: 'Distribution of the profit and loss of round trips, after fees',
  height: 240,
  option: (view) => ({
    tooltip: tooltip(view, {
      axisPointer: { type: 'shadow' },
      formatter: (items: { dataIndex: number }[]) => tip(histogram, items[0]?.dataIndex ?? 0),
    }),
    grid: ownGrid(12),
    xAxis: categoryAxis(view, centres(histogram).map(short)),
    yAxis: valueAxis(view, { minInterval: 1, axisLabel: axisText(view, short) }),
    series: [{ name: 'Round trips', type: 'bar', barCategoryGap: '8%', data: histogram.counts.map((count, i) => bar(histogram, i, count, view)) }],
  }),
});

const centres = ({ edges, counts }: Histogram): number[] => counts.map((_, i) => ((edges[i] as number) + (edges[i + 1] as number)) / 2);

function bar({ edges }: Histogram, i: number, count: number, view: View): object {
  const { gain, loss } = view.theme;
  const color = (edges[i] as number) < 0 ? loss : gain;
  return { value: count, itemStyle: { color, borderRadius: [2, 2, 0, 0] } };
}

const tip = ({ edges, counts }: Histogram, i: number): string =>
  tipTable(`${money(edges[i])} to ${money(edges[i + 1])}`, [['Round trips', integer(counts[i])]]);
