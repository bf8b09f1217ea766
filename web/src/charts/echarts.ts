// The parts of ECharts the report uses; everything else is left out of the file.
import { BarChart, CandlestickChart, LineChart, ScatterChart } from 'echarts/charts';
import { AriaComponent, DataZoomComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent } from 'echarts/components';
import * as core from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';

core.use([BarChart, CandlestickChart, LineChart, ScatterChart, AriaComponent, DataZoomComponent, GridComponent, LegendComponent,
          MarkLineComponent, TooltipComponent, CanvasRenderer]);

export const init = core.init;
export type Chart = core.ECharts;
export type Option = core.EChartsCoreOption;
