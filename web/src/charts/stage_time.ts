// Where the time went: per bar, of each stage; every number carries its unit.
import type { Timing } from '../contract';
import { significant, words } from '../format';
import type { ChartDefinition } from './chart';
import { axisText, categoryAxis, fontFamily, tipTable, tooltip, valueAxis } from './style';

export const stages = ['read', 'features', 'inference', 'trading'] as const;

export const measuredStages = (timing: Timing): (typeof stages)[number][] =>
  stages.filter((stage) => typeof timing[stage]?.ns_per_bar === 'number');

// A model takes a thousand times as long as a feature.
const duration = (ns: number): string => (ns >= 10_000 ? `${significant(ns / 1000, 4)} µs` : `${significant(ns, 4)} ns`);

export function stageTimeChart(timing: Timing): ChartDefinition {
  const names = measuredStages(timing);
  const values = names.map((stage) => timing[stage].ns_per_bar as number);
  const total = values.reduce((sum, value) => sum + value, 0);
  const share = (value: number): string => `${duration(value)} (${total > 0 ? Math.round((100 * value) / total) : 0}\u202f%)`;
  return {
    id: 'stage-time',
    summary: `Time per bar by stage: ${names.map((name, i) => `${name} ${share(values[i] as number)}`).join(', ')}`,
    height: 60 + 34 * names.length,
    option: (view) => ({
      tooltip: tooltip(view, {
        axisPointer: { type: 'shadow' },
        formatter: (items: { dataIndex: number }[]) => tipTable(words(names[items[0]?.dataIndex ?? 0] ?? ''), [['Per bar', share(values[items[0]?.dataIndex ?? 0] ?? 0)]]),
      }),
      grid: { left: 72, right: 112, top: 8, bottom: 28, outerBoundsMode: 'none' },
      xAxis: valueAxis(view, { position: 'bottom', splitNumber: 4, axisLabel: axisText(view, duration) }),
      yAxis: categoryAxis(view, names.map(words), { inverse: true }),
      series: [{
        name: 'ns per bar', type: 'bar', barMaxWidth: 20, data: values,
        itemStyle: { color: view.theme.series, borderRadius: [0, 3, 3, 0] },
        label: { show: true, position: 'right', color: view.theme.text, fontFamily, fontSize: 12, formatter: (item: { value: number }) => share(item.value) },
      }],
    }),
  };
}
