// What the figures use of ECharts, and nothing else: every mark is a custom series on a cartesian grid.
// A series or component that a figure asks for and that is not registered here would be left out in
// silence, so a test compares this list with what the figures ask for.
import { init, use, version, graphic } from "echarts/core";
import { CustomChart } from "echarts/charts";
import { GridComponent, DataZoomInsideComponent } from "echarts/components";
import { CanvasRenderer } from "echarts/renderers";

use([CustomChart, GridComponent, DataZoomInsideComponent, CanvasRenderer]);

export { init, version, graphic };
