// The parts of ECharts that charts are made of, renderers apart. The page and
// the engine script that draws pictures without a browser use this one list.
import { BarChart, CustomChart, EffectScatterChart, GaugeChart, HeatmapChart, LineChart, MapChart, ScatterChart, TreemapChart } from 'echarts/charts';
import {
  AriaComponent, DatasetComponent, GeoComponent, GraphicComponent, GridComponent, LegendComponent, MarkAreaComponent, MarkLineComponent,
  MarkPointComponent, TitleComponent, TooltipComponent, VisualMapComponent,
} from 'echarts/components';
import { LabelLayout } from 'echarts/features';

export const parts = [
  BarChart, CustomChart, EffectScatterChart, GaugeChart, HeatmapChart, LineChart, MapChart, ScatterChart, TreemapChart,
  AriaComponent, DatasetComponent, GeoComponent, GraphicComponent, GridComponent, LegendComponent, MarkAreaComponent, MarkLineComponent,
  MarkPointComponent, TitleComponent, TooltipComponent, VisualMapComponent,
  LabelLayout,
];
