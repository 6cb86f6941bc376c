package vizlib

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
)

func pageOfPicture(t *testing.T, write func(w io.Writer, p Picture) error, p Picture) string {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b, p); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestSamePictureSamePage(t *testing.T) {
	for _, write := range []func(io.Writer, Picture) error{writeHTML, Output{}.html} {
		first := pageOfPicture(t, write, threeCurves(5))
		if again := pageOfPicture(t, write, threeCurves(5)); again != first {
			t.Error("the same movie gave two different pages")
		}
	}
}

// A strip is an image, and its page holds no engine.
func TestPageOfAnImage(t *testing.T) {
	page := pageOfPicture(t, Output{}.html, Strip(threeCurves(4)))
	if strings.Count(page, "<img") != 1 || strings.Contains(page, "<script") || !strings.HasSuffix(page, "</html>\n") {
		t.Errorf("the page of a strip is %.200q…", page)
	}
}

// Words of a picture cannot leave their place in a page, whatever they say.
func TestHostileWords(t *testing.T) {
	const hostile = "</script></div><img src=x onerror=alert(1)>\"'&amp;"
	f := Figure{Title: hostile, Caption: hostile, Numbers: "1", X: "x", Marks: []Mark{
		Line{X: []float64{0, 1}, Y: []float64{0, 1}, Name: hostile, Unit: hostile},
	}}
	page := pageOfPicture(t, Output{}.html, f)
	if n := strings.Count(page, "<script"); n != 1 {
		t.Errorf("the page has %d scripts, want its own 1", n)
	}
	if n := strings.Count(page, "</script"); n != 1 {
		t.Errorf("the page closes %d scripts, want 1", n)
	}
	if n := strings.Count(page, "<img"); n != 1 {
		t.Errorf("the page has %d images, want the poster alone", n)
	}
}

// A Picture of somebody else's may say anything in its Alt, and data may hold what JSON and scripts disagree on.
func TestOddRunesInData(t *testing.T) {
	d, _ := figureDataOf(t, threeCurves(2))
	d.Marks[0].Name = "</script>\u2028\u2029"
	text := string(mustJSON(d))
	for _, odd := range []string{"</", "\u2028", "\u2029"} {
		if strings.Contains(text, odd) {
			t.Errorf("the data hold %q as it is", odd)
		}
	}
	data, err := packed(d)
	if err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(data, "<>\"'&") {
		t.Error("the packed data hold a character that an attribute cannot")
	}
}

func TestEngineScript(t *testing.T) {
	for name, engine := range map[string][]byte{"bundled": []byte("engine"), "without bundle": nil} {
		s := engineScript(engine)
		if strings.Contains(s, "</script") || strings.Contains(s, "<!--") {
			t.Errorf("%s: the script would end early in a page", name)
		}
		if fromNetwork := strings.Contains(s, stockEngine); fromNetwork != (engine == nil) {
			t.Errorf("%s: names the CDN: %v", name, fromNetwork)
		}
	}
	if !strings.Contains(setupHTML(nil), "network") {
		t.Error("a build without the engine does not say that its pages need a network")
	}
}

func TestErrorsReachThePage(t *testing.T) {
	f := Figure{Title: "empty", Marks: []Mark{Line{}}}
	var b bytes.Buffer
	err := f.HTML(&b)
	if err == nil || b.Len() > 0 {
		t.Errorf("an empty line gave the error %v and %d bytes, want a sentence and none", err, b.Len())
	}
	if !strings.Contains(f.Alt(), "no points") {
		t.Errorf("Alt is %q, want what is wrong", f.Alt())
	}
}

// lackingTool ends a test that needs a program which is not installed; with CI set it fails.
func lackingTool(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(what)
	}
	t.Skip(what)
}

// What figures ask of ECharts must be in the bundle: what is not registered is left out in silence. The
// shell's own arithmetic is tested in the same run.
func TestBundleInNode(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		lackingTool(t, "there is no node; install Node.js 18 or newer")
	}
	if bundledEngine() == nil {
		lackingTool(t, "the engine is not bundled; npm --prefix vizlib/bundle ci && npm --prefix vizlib/bundle run build")
	}
	var options bytes.Buffer
	for _, p := range []Picture{zoo(), threeCurves(3)} {
		d, _ := figureDataOf(t, p)
		options.Write(mustJSON(d))
		options.WriteByte('\n')
	}
	cmd := exec.Command(node, "--test", "bundle/test/engine.test.mjs", "bundle/test/shell.test.mjs")
	path := t.TempDir() + "/figures.jsonl"
	if err := os.WriteFile(path, options.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd.Env = append(os.Environ(), "FIGURES="+path)
	out, err := cmd.CombinedOutput()
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		t.Fatalf("node:\n%s", out)
	}
	if err != nil {
		t.Fatal(err)
	}
}
