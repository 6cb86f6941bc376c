package main

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"

	"elboroom/kernel/kerneltest"
)

// benchCells are the programs that are timed. %d makes each run another text.
var benchCells = []struct{ name, code string }{
	{"hello", "%%%%\nfmt.Println(\"hello\", %d)"},
	{"plot", "%%%%\np := plot.New()\np.Title.Text = \"%d\"\nw, err := p.WriterTo(200, 100, \"svg\")\nif err != nil { panic(err) }\nw.WriteTo(io.Discard)\nfmt.Println(p.Title.Text)"},
	{"echarts", "%%%%\nl := charts.NewLine()\nl.AddSeries(\"%d\", nil)\nfmt.Println(l.Type())"},
	{"all three", "%%%%\np := plot.New()\np.Title.Text = \"%d\"\nw, err := p.WriterTo(200, 100, \"svg\")\nif err != nil { panic(err) }\nw.WriteTo(io.Discard)\nl := charts.NewLine()\nfmt.Println(l.Type(), distuv.Normal{Mu: 0, Sigma: 1}.Prob(%[1]d))"},
}

// TestSpeed prints the medians of our kernel, and, where a real gonb is on the PATH, of that in the same run. It is
// run by `make bench-kernel`, which sets BENCH_KERNEL to the number of repetitions; without that it holds the memory to
// its limit, and only logs the times, which say more about what else a machine does.
func TestSpeed(t *testing.T) {
	n, err := strconv.Atoi(os.Getenv("BENCH_KERNEL"))
	if err != nil || n <= 0 {
		const limit = 40 // MB
		ours := measure(t, []string{kernelBin, "run"}, 3)
		t.Log("\n" + table(3, ours, nil))
		for _, name := range []string{"memory idle [MB]", "memory after the cells [MB]"} {
			if got := ours[name]; !(got > 0) || got > limit && !underRace {
				t.Errorf("%s: %.0f, want at most %d", name, got, limit)
			}
		}
		return
	}
	ours := measure(t, []string{kernelBin, "run"}, n)
	var theirs map[string]float64
	if gonb, err := exec.LookPath("gonb"); err == nil {
		theirs = measure(t, []string{gonb, "--raw_error", "--kernel"}, n)
	}
	fmt.Print(table(n, ours, theirs))
}

// table sets the figures of two kernels, or of one, side by side.
func table(n int, ours, theirs map[string]float64) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%-36s %10s", "median of "+strconv.Itoa(n), "ours")
	if theirs != nil {
		fmt.Fprintf(&b, " %10s %8s", "GoNB", "ratio")
	}
	b.WriteString("\n")
	for _, name := range slices.Sorted(maps.Keys(ours)) {
		fmt.Fprintf(&b, "%-36s %10.1f", name, ours[name])
		if v, ok := theirs[name]; ok {
			fmt.Fprintf(&b, " %10.1f %7.1f×", v, v/ours[name])
		}
		b.WriteString("\n")
	}
	return b.String()
}

// measure runs the cells on one kernel.
func measure(t *testing.T, argv []string, n int) map[string]float64 {
	dir := filepath.Join(t.TempDir(), "notebooks")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	root, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]float64{}
	var starts []float64
	var k *kerneltest.Kernel
	for i := range min(n, 5) {
		if i > 0 {
			_ = k.Cmd.Process.Kill() // a kernel that was only measured
			_ = k.Cmd.Wait()
		}
		begin := time.Now()
		if k, err = kerneltest.Start(argv, dir); err != nil {
			t.Fatal(err)
		}
		starts = append(starts, ms(time.Since(begin)))
	}
	defer func() {
		k.Request("control", "shutdown_request", kerneltest.Content{"restart": false})
		time.AfterFunc(5*time.Second, func() { _ = k.Cmd.Process.Kill() })
		_ = k.Cmd.Wait()
	}()
	out["start to first reply [ms]"] = median(starts)
	time.Sleep(time.Second)
	out["memory idle [MB]"] = memory(t, k.Cmd.Process.Pid)
	execute(t, k, fmt.Sprintf("!*go mod edit -require elboroom@v0.0.0 -replace \"elboroom=%s\"", filepath.Dir(root)), "ok")
	execute(t, k, "import (\n\t\"gonum.org/v1/plot\"\n\t\"gonum.org/v1/gonum/stat/distuv\"\n\t\"github.com/go-echarts/go-echarts/v2/charts\"\n\t_ \"gonum.org/v1/plot/vg/vgsvg\"\n)\n"+
		"var _ = distuv.Normal{}\nvar _ = plot.New\nvar _ = charts.NewLine", "ok")
	execute(t, k, "%rm _", "ok")
	for _, c := range benchCells {
		var changed, cached []float64
		for i := range n + 1 {
			code := fmt.Sprintf(c.code, time.Now().UnixNano()%1_000_000+int64(i))
			first := execute(t, k, code, "ok")
			second := execute(t, k, code, "ok")
			if i > 0 { // the first warms the build cache
				changed, cached = append(changed, ms(first.Took)), append(cached, ms(second.Took))
			}
		}
		out[c.name+", changed [ms]"], out[c.name+", unchanged [ms]"] = median(changed), median(cached)
	}
	out["memory after the cells [MB]"] = memory(t, k.Cmd.Process.Pid)
	begin := time.Now()
	if _, err := k.Ask("complete_request", kerneltest.Content{"code": "p := plot.New()\np.Ti", "cursor_pos": 20}); err != nil {
		t.Log(err)
	}
	out["first completion [ms]"] = ms(time.Since(begin))
	out["memory after completion [MB]"] = memory(t, k.Cmd.Process.Pid)
	return out
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func median(v []float64) float64 {
	sort.Float64s(v)
	return v[len(v)/2]
}

// memory is what a process and its children hold, in MB.
func memory(t *testing.T, pid int) float64 {
	total := rss(t, pid)
	out, err := exec.Command("ps", "-o", "rss=", "--ppid", strconv.Itoa(pid)).Output()
	if err == nil {
		for _, f := range strings.Fields(string(out)) {
			kb, err := strconv.Atoi(f)
			if err != nil {
				t.Fatal(err)
			}
			total += kb
		}
	}
	return float64(total) / 1024
}
