package vizlib_test

import (
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"

	"elboroom/vizlib"
)

var (
	update  = flag.Bool("update", false, "write the golden figures anew")
	gallery = flag.String("gallery", "", "a folder to write the pictures of the examples to, with a page of their code")
)

// draw is how each example ends: it prints what the picture says of itself, and holds the picture against its
// golden file, so that an example fails when its picture changes.
func draw(p vizlib.Picture) {
	fmt.Println(p.Alt())
	pc, file, _, _ := runtime.Caller(1)
	name := runtime.FuncForPC(pc).Name()
	name = strings.ToLower(strings.TrimPrefix(name[strings.LastIndexByte(name, '.')+1:], "Example"))
	if err := compare(name, p); err != nil {
		fmt.Println(err)
	}
	if *gallery != "" {
		if err := exhibit(*gallery, name, file, p); err != nil {
			fmt.Println(err)
		}
	}
}

// compare holds a picture, as SVG with letters, against testdata/<name>.svg. Numbers may differ by rounding:
// processors differ in the last bits.
func compare(name string, p vizlib.Picture) error {
	dir, err := os.MkdirTemp("", "vizlib")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "now.svg")
	if err := (vizlib.Output{Text: true}).Save(path, p); err != nil {
		return err
	}
	svg, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	now := normal(string(svg))
	golden := filepath.Join("testdata", name+".svg")
	if *update {
		return os.WriteFile(golden, []byte(now), 0o644)
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		return err
	}
	return difference(name, strings.Split(now, "\n"), strings.Split(string(want), "\n"))
}

var (
	numbers = regexp.MustCompile(`-?\d+(\.\d+)?(e-?\d+)?|#[0-9A-F]{6}`)
	images  = regexp.MustCompile(`base64,[^"]*`)
)

// normal is an SVG with numbers rounded to tenths of a point and without the data of images.
func normal(svg string) string {
	svg = images.ReplaceAllString(svg, "base64,…")
	svg = strings.ReplaceAll(svg, "M", "\nM")
	return numbers.ReplaceAllStringFunc(svg, func(s string) string {
		v, err := strconv.ParseFloat(s, 64)
		if err != nil {
			return s
		}
		return strconv.FormatFloat(math.Round(v*10)/10+0, 'f', -1, 64)
	})
}

// difference is the first line in which two normalised pictures differ by more than rounding.
func difference(name string, now, want []string) error {
	const slack = 0.21 // two tenths: each side may be rounded the other way
	for i := range max(len(now), len(want)) {
		if i >= len(now) || i >= len(want) {
			return fmt.Errorf("%s: %d lines, the golden figure has %d", name, len(now), len(want))
		}
		a, b := numbers.FindAllString(now[i], -1), numbers.FindAllString(want[i], -1)
		same := len(a) == len(b) && numbers.ReplaceAllString(now[i], "#") == numbers.ReplaceAllString(want[i], "#")
		for k := 0; same && k < len(a); k++ {
			x, _ := strconv.ParseFloat(a[k], 64)
			y, _ := strconv.ParseFloat(b[k], 64)
			same = math.Abs(x-y) <= slack
		}
		if !same {
			return fmt.Errorf("%s, line %d:\n%s\nthe golden figure has:\n%s", name, i+1, now[i], want[i])
		}
	}
	return nil
}

// exhibit writes a picture, and the page of all pictures with the code that draws them.
func exhibit(dir, name, file string, p vizlib.Picture) error {
	path := filepath.Join(dir, name+".png")
	if _, moves := p.(vizlib.Movie); moves {
		path = filepath.Join(dir, name+".gif")
	}
	if err := (vizlib.Output{Width: 960}).Save(path, p); err != nil {
		return err
	}
	source, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var page strings.Builder
	page.WriteString("# Gallery\n\nEvery mark of vizlib, drawn by its example in vizlib/" + filepath.Base(file) +
		", where `bell` is the density of a Normal and `draw` shows the picture.\n" +
		"The tests hold the same pictures against their golden files. `make gallery` writes this page.\n")
	for _, m := range examples.FindAllStringSubmatch(string(source), -1) {
		image := strings.ToLower(m[1]) + ".png"
		if _, err := os.Stat(filepath.Join(dir, image)); err != nil {
			image = strings.ToLower(m[1]) + ".gif"
		}
		code := strings.ReplaceAll("\n"+m[2], "\n\t", "\n")[1:]
		fmt.Fprintf(&page, "\n## %s\n\n![%s](%s)\n\n```go\n%s\n```\n", m[1], m[3], image, code)
	}
	return os.WriteFile(filepath.Join(dir, "README.md"), []byte(page.String()), 0o644)
}

// examples are the names, bodies and outputs of a file's examples.
var examples = regexp.MustCompile(`(?ms)^func Example(\w+)\(\) \{\n(.*?)\n\t// Output: ([^\n]*)\n\}`)
