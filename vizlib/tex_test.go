package vizlib

import (
	"bytes"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestLabelsAsTeX(t *testing.T) {
	for _, c := range []struct{ label, want string }{
		{"q(μ₁)", `q($\mu _{1}$)`},
		{"s₁²", `s$_{1}^{2}$`},
		{"KL(q‖p)", `KL(q$\| $p)`},
		{"50 % of {a_b} & #1", `50 \% of \{a\_b\} \& \#1`},
		{"λ̂ and q̄", `$\hat{\lambda}$ and $\bar{\mathsf{q}}$`},
		{"10⁻³", `10$^{-3}$`},
		{"−1", `$-$1`},
		{"ε ~ N(0, I)", `$\varepsilon $ $\sim $ N(0, I)`},
		{"𝔼[log p] ∝ 𝓛", `$\mathbb{E}$[log p] $\propto $ $\mathcal{L}$`},
	} {
		got, err := texOf(c.label)
		if err != nil || got != c.want {
			t.Errorf("%q becomes %q (%v), want %q", c.label, got, err, c.want)
		}
	}
	if _, err := texOf("日"); err == nil || !strings.Contains(err.Error(), "U+65E5") {
		t.Errorf("error %v, want one that names the rune", err)
	}
}

// The document is whole: braces and environments close, every command ends, nothing is NaN.
func TestTeXStructure(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.tex")
	if err := Save(path, sample()); err != nil {
		t.Fatal(err)
	}
	tex, _ := os.ReadFile(path)
	depth := 0
	for i, b := range tex {
		escaped := i > 0 && tex[i-1] == '\\'
		switch {
		case b == '{' && !escaped:
			depth++
		case b == '}' && !escaped:
			depth--
		}
		if depth < 0 {
			t.Fatal("a brace closes that did not open")
		}
	}
	if depth != 0 {
		t.Errorf("%d braces stay open", depth)
	}
	for _, want := range []string{`\documentclass`, `\begin{tikzpicture}`, `\end{tikzpicture}`, `\end{document}`, `paperwidth=960bp`} {
		if bytes.Count(tex, []byte(want)) != 1 && want != `\documentclass` {
			t.Errorf("%s stands %d times, want once", want, bytes.Count(tex, []byte(want)))
		}
	}
	body := string(tex[bytes.Index(tex, []byte(`\begin{tikzpicture}`)):])
	if strings.Count(body, `\path[`)+strings.Count(body, `\node[`) != strings.Count(body, ";\n") {
		t.Error("a command does not end with a semicolon")
	}
	if strings.Contains(body, "NaN") || strings.Contains(body, "Inf") {
		t.Error("a coordinate is NaN or infinite")
	}
}

// A table becomes a rectangle for each run of equal cells, none lost however many there are; a smooth image a coarse grid.
func TestTeXImages(t *testing.T) {
	const n = 90 // more cells along a side than a smooth image gets
	cells := make([][]float64, n)
	for j := range cells {
		cells[j] = make([]float64, n)
		cells[j][j] = 1 // a diagonal: a run before each cell of it and one after, but for the ends
	}
	at := Cell{At: Rect{0.1, 0, 0.5, 1}}
	for want, m := range map[int]Mark{3*n - 2: Heat{Cells: cells}, texCells * texCells: Heat{F: func(x, y float64) float64 { return x + math.Sqrt2*y }, Style: Style{Ink: P}}} {
		at.Figure = Figure{View: View{X: Interval{0, n}, Y: Interval{0, n}, Axes: NoAxes}, Marks: []Mark{m}}
		tiles, page, err := Output{}.tiles(Grid{Cells: []Cell{at}})
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if err := (Output{}).tex(&out, tiles, page); err != nil {
			t.Fatal(err)
		}
		if got := strings.Count(out.String(), "rectangle("); got > want || got < want/2 {
			t.Errorf("%d rectangles, want at most %d and more than half of that", got, want)
		}
	}
}

// Where a TeX is installed, it takes the document as it is.
func TestTeXCompiles(t *testing.T) {
	pdflatex, err := exec.LookPath("pdflatex")
	if err != nil {
		t.Log("no pdflatex here: the structure alone was tested")
		return
	}
	dir := t.TempDir()
	if err := Save(filepath.Join(dir, "a.tex"), sample()); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(pdflatex, "-interaction=nonstopmode", "-halt-on-error", "a.tex")
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("pdflatex: %v\n%s", err, out[max(0, len(out)-1500):])
	}
}
