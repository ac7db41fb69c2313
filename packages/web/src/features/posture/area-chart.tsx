import { Chart } from '@patternfly/react-charts/dist/esm/victory/components/Chart/Chart';
import { ChartArea } from '@patternfly/react-charts/dist/esm/victory/components/ChartArea/ChartArea';
import { ChartAxis } from '@patternfly/react-charts/dist/esm/victory/components/ChartAxis/ChartAxis';
import { ChartStack } from '@patternfly/react-charts/dist/esm/victory/components/ChartStack/ChartStack';
import { useEffect, useRef, useState } from 'react';
import type { PosturePoint } from '../../api/types.js';
import { SEVERITY_COLORS } from '../../ui/severity.js';
import { dayAfter, daysBetween, inWords, layersOf, openOn } from './chart-data.js';

const HEIGHT_PX = 280;
const PADDING = { left: 56, right: 48, top: 16, bottom: 40 };
/** Room for one date under the axis. */
const DATE_PX = 110;

// The library's own colours know one theme.
const LINE = 'var(--pf-t--global--border--color--default)';
const AXIS = {
  axis: { stroke: LINE },
  grid: { stroke: LINE },
  ticks: { stroke: LINE },
  tickLabels: { fill: 'var(--pf-t--global--text--color--subtle)' },
};

interface Props {
  readonly points: readonly PosturePoint[];
  readonly from: string;
  readonly to: string;
}

/** Open findings by severity, stacked. A chunk of its own: the library is large (91 kB compressed), and one page needs it. */
export default function AreaChart({ points, from, to }: Props) {
  const [box, width] = useWidth();
  const days = daysBetween(from, to);
  const ticks = Math.max(2, Math.min(days + 1, Math.floor((width - PADDING.left - PADDING.right) / DATE_PX)));
  const most = Math.max(4, ...points.map(openOn));
  return (
    <div ref={box} className="cas-chart">
      {width > 0 && (
        <Chart
          ariaTitle="Open findings by severity"
          ariaDesc={inWords(points)}
          name="posture"
          width={width}
          height={HEIGHT_PX}
          padding={PADDING}
          domain={{ x: [0, days], y: [0, most] }}
        >
          <ChartAxis
            tickValues={Array.from({ length: ticks }, (_, n) => Math.round((n * days) / (ticks - 1)))}
            tickFormat={(day: number) => dayAfter(from, day)}
            style={AXIS}
          />
          <ChartAxis
            dependentAxis
            showGrid
            tickFormat={(count: number) => count.toLocaleString('en')}
            style={AXIS}
          />
          <ChartStack>
            {layersOf(points, from).map(({ severity, data }) => (
              <ChartArea
                key={severity}
                data={[...data]}
                style={{
                  data: {
                    fill: SEVERITY_COLORS[severity],
                    fillOpacity: 1,
                    // An edge between neighbours, for whoever sees no difference between their colours.
                    stroke: 'var(--pf-t--global--background--color--primary--default)',
                    strokeWidth: 1.5,
                  },
                }}
              />
            ))}
          </ChartStack>
        </Chart>
      )}
    </div>
  );
}

function useWidth() {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    if (!box.current) return;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  return [box, width] as const;
}
