package vizlib

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"image"
	"image/color"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"
)

// pdfOf writes a picture and takes the file apart: its bytes and its streams, unpacked.
func pdfOf(t *testing.T, o Output, p Picture) (file []byte, streams []string) {
	t.Helper()
	tiles, page, err := o.tiles(p)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := o.pdf(&out, tiles, page); err != nil {
		t.Fatal(err)
	}
	file = out.Bytes()
	for _, at := range regexp.MustCompile(`/Length (\d+) >>\nstream\n`).FindAllSubmatchIndex(file, -1) {
		n, _ := strconv.Atoi(string(file[at[2]:at[3]]))
		z, err := zlib.NewReader(bytes.NewReader(file[at[1] : at[1]+n]))
		if err != nil {
			t.Fatal(err)
		}
		s, err := io.ReadAll(z)
		if err != nil {
			t.Fatal(err)
		}
		streams = append(streams, string(s))
	}
	return file, streams
}

// The table at the end of a PDF leads to every object, and every object that is named is there.
func TestPDFStructure(t *testing.T) {
	file, streams := pdfOf(t, Output{Text: true, Theme: Dark}, sample())
	start, _ := strconv.Atoi(string(regexp.MustCompile(`startxref\n(\d+)\n%%EOF\n$`).FindSubmatch(file)[1]))
	lines := strings.Split(string(file[start:]), "\n")
	count, _ := strconv.Atoi(strings.Fields(lines[1])[1])
	for i := 1; i < count; i++ {
		at, _ := strconv.Atoi(lines[2+i][:10])
		if want := fmt.Sprintf("%d 0 obj\n", i); !bytes.HasPrefix(file[at:], []byte(want)) {
			t.Errorf("object %d is looked for at %d, where there is %q", i, at, file[at:at+12])
		}
	}
	for _, m := range regexp.MustCompile(`(\d+) 0 R`).FindAllSubmatch(file, -1) {
		if n, _ := strconv.Atoi(string(m[1])); n < 1 || n >= count {
			t.Errorf("object %d is named, and there are %d", n, count-1)
		}
	}
	for _, s := range streams {
		if strings.Contains(s, "NaN") || strings.Contains(s, "Inf") {
			t.Error("a number is NaN or infinite")
		}
	}
	if !bytes.Contains(file, []byte(pdfText("KL(q‖p) & <q>"))) {
		t.Error("the title is not among what the file says of itself")
	}
}

// shownText is what a reader of the file gets by selecting all: the codes shown, font by font, as the letters that they
// are said to mean.
func shownText(t *testing.T, streams []string) string {
	t.Helper()
	var content string
	var means []map[string]string // a table for each font, in their order
	for _, s := range streams {
		switch {
		case strings.Contains(s, "begincmap"):
			table := map[string]string{}
			for _, m := range regexp.MustCompile(`<(..)> <([0-9A-F]+)>`).FindAllStringSubmatch(s, -1) {
				var units []uint16
				for i := 0; i+4 <= len(m[2]); i += 4 {
					u, _ := strconv.ParseUint(m[2][i:i+4], 16, 16)
					units = append(units, uint16(u))
				}
				if _, twice := table[m[1]]; twice && m[1] != "00" {
					t.Errorf("code %s means two letters", m[1])
				}
				table[m[1]] = string(utf16.Decode(units))
			}
			means = append(means, table)
		case strings.Contains(s, " Tm\n"):
			content = s
		}
	}
	var out strings.Builder
	font := 0
	for _, m := range regexp.MustCompile(`/F(\d+) \S+ Tf|<(..)>|(ET)`).FindAllStringSubmatch(content, -1) {
		switch {
		case m[1] != "":
			font, _ = strconv.Atoi(m[1])
		case m[2] != "":
			out.WriteString(means[font][m[2]])
		default:
			out.WriteByte('\n')
		}
	}
	return out.String()
}

// Text in a PDF reads as it was written, whatever its letters, and however many unlike ones there are.
func TestPDFText(t *testing.T) {
	const mathematics = "E[λ̂] ∝ ∇𝓛(q̄ₖ) ‖ μ₁ − θ²"
	var many strings.Builder // more letters than a font of one byte holds
	for r := rune(0x0100); r < 0x0250; r++ {
		many.WriteRune(r)
	}
	fig := Figure{Title: mathematics, Caption: many.String(), Y: "réversé", View: window, Marks: []Mark{Rule{At: 0}}}
	_, streams := pdfOf(t, Output{Text: true}, fig)
	text := shownText(t, streams)
	for _, want := range []string{mathematics, many.String(), "réversé", "−1.0"} {
		if !strings.Contains(text, want+"\n") {
			t.Errorf("%q is not among the text of the file:\n%s", want, text)
		}
	}
	_, outlines := pdfOf(t, Output{}, fig)
	if text := shownText(t, outlines); text != "" {
		t.Errorf("without Output.Text there is text all the same: %q", text)
	}
}

// An image keeps its rows in their order and its opacity in a mask.
func TestPDFImage(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 2, 2))
	img.Set(0, 0, color.NRGBA{R: 1, G: 2, B: 3, A: 0xff})
	img.Set(1, 1, color.NRGBA{R: 4, G: 5, B: 6, A: 0x80})
	var f pdfFile
	p := &pdfPage{states: map[uint8]bool{}}
	p.letters = newPDFLetters(p)
	p.image(Box{Max: Point{10, 20}}, img)
	file := string(f.document(p, sheet{10, 20}, "a", "b"))
	if !strings.Contains(file, "/SMask") || strings.Count(file, "/Width 2 /Height 2") != 2 {
		t.Error("want the image and its mask")
	}
	var found []string
	for _, s := range strings.Split(file, "stream\n")[1:] {
		z, err := zlib.NewReader(strings.NewReader(s))
		if err != nil {
			continue
		}
		b, _ := io.ReadAll(z)
		found = append(found, string(b))
	}
	for _, want := range []string{"\x01\x02\x03\x00\x00\x00\x00\x00\x00\x04\x05\x06", "\xff\x00\x00\x80", "q 10 0 0 20 0 0 cm /I0 Do Q"} {
		if !strings.Contains(strings.Join(found, "|"), want) {
			t.Errorf("%q is not in the file", want)
		}
	}
}
