package vizlib

import (
	"bytes"
	"compress/zlib"
	"image"
	"image/color"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"codeberg.org/go-pdf/fpdf"
)

// unpacked are a PDF's streams.
func unpacked(t *testing.T, file []byte) (streams []string) {
	t.Helper()
	for _, at := range regexp.MustCompile(`/Length (\d+)>>\nstream\n`).FindAllSubmatchIndex(file, -1) {
		n, _ := strconv.Atoi(string(file[at[2]:at[3]]))
		z, err := zlib.NewReader(bytes.NewReader(file[at[1] : at[1]+n]))
		if err != nil {
			continue // not packed
		}
		s, err := io.ReadAll(z)
		if err != nil {
			t.Fatal(err)
		}
		streams = append(streams, string(s))
	}
	return streams
}

// pdfOf writes a picture and returns the file and what it draws.
func pdfOf(t *testing.T, o Output, p Picture) (file []byte, content string) {
	t.Helper()
	tiles, page, err := o.tiles(p)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := o.pdf(&out, tiles, page); err != nil {
		t.Fatal(err)
	}
	return out.Bytes(), unpacked(t, out.Bytes())[0]
}

// shownText is what a reader selects: the letters shown, in order.
func shownText(content string) string {
	var units []uint16
	for _, m := range regexp.MustCompile(`(?s)Td \((.*?)\) Tj ET`).FindAllStringSubmatch(content, -1) {
		s := regexp.MustCompile(`(?s)\\(.)`).ReplaceAllStringFunc(m[1], func(s string) string {
			if s == `\r` {
				return "\r"
			}
			return s[1:]
		})
		for i := 0; i+1 < len(s); i += 2 {
			units = append(units, uint16(s[i])<<8|uint16(s[i+1]))
		}
	}
	return string(utf16.Decode(units))
}

// Text in a PDF can be selected whatever its letters, unless they combine or lie beyond the basic plane: then it is
// outlines, and is drawn all the same.
func TestPDFText(t *testing.T) {
	fig := Figure{Title: "E[λ] ∝ ∇q(μ₁) ‖ (μ₂) − θ² \\ č ⊤", Caption: "q̄ beside 𝔼", Y: "réversé", View: window, Marks: []Mark{Rule{At: 0}}}
	file, content := pdfOf(t, Output{Text: true}, fig)
	text := shownText(content)
	for _, want := range []string{fig.Title, "réversé", "−1.0"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not among the text of the file: %q", want, text)
		}
	}
	if strings.Contains(text, "beside") {
		t.Errorf("a text that fpdf cannot name was set as text: %q", text)
	}
	plain, outlines := pdfOf(t, Output{}, fig)
	if text := shownText(outlines); text != "" {
		t.Errorf("without Output.Text there is text all the same: %q", text)
	}
	if again, _ := pdfOf(t, Output{Text: true}, fig); !bytes.Equal(file, again) {
		t.Error("the same figure gave other bytes")
	}
	if got := basic("𝔼[log p] ∝ 😀"); got != "E[log p] ∝ \uFFFD" {
		t.Errorf("the plain letters are %q", got)
	}
	if !bytes.Contains(plain, []byte("/Title (")) || !bytes.Contains(plain, []byte("/Subject (")) {
		t.Error("the file does not say what it shows")
	}
}

// Images stand upright, and several of one size come in the same order each time.
func TestPDFImages(t *testing.T) {
	write := func() []byte {
		f := fpdf.NewCustom(&fpdf.InitType{UnitStr: "pt", Size: fpdf.SizeType{Wd: 100, Ht: 100}})
		f.SetCatalogSort(true)
		f.AddPage()
		p := &pdfSurface{f: f, h: 100, opacity: 1, widths: map[int]bool{}}
		for i := range uint8(8) {
			img := image.NewNRGBA(image.Rect(0, 0, 2, 2))
			img.Set(0, 0, color.NRGBA{R: 10 + i, G: 2, B: 3, A: 0xff})
			img.Set(1, 1, color.NRGBA{R: 4, G: 5, B: 6, A: 0x80})
			p.image(Box{Max: Point{10, 20}}, img)
		}
		var out bytes.Buffer
		if err := f.Output(&out); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	streams := unpacked(t, write())
	if want := "q 10.00000 0 0 20.00000 0.00000 0.00000 cm /I"; !strings.Contains(streams[0], want) {
		t.Errorf("%q is not in\n%s", want, streams[0])
	}
	order := func(streams []string) (reds []byte) {
		for _, s := range streams {
			if at := strings.Index(s, "\x02\x03"); at > 0 {
				reds = append(reds, s[at-1])
			}
		}
		return reds
	}
	first := order(streams)
	if len(first) != 8 {
		t.Fatalf("%d images with their first pixel in the first row, want 8", len(first))
	}
	for range 10 {
		if now := order(unpacked(t, write())); !bytes.Equal(now, first) {
			t.Fatalf("images in the order %v, then %v", first, now)
		}
	}
}
