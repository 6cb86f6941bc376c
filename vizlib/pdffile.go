package vizlib

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"image"
	"image/color"
	"strings"
	"unicode/utf16"
)

// pdfFile collects the objects of a PDF file.
type pdfFile struct {
	buf  bytes.Buffer
	from []int // where each object begins, the first being number 1
}

// object writes an object and returns how others refer to it.
func (f *pdfFile) object(body string) string {
	f.from = append(f.from, f.buf.Len())
	fmt.Fprintf(&f.buf, "%d 0 obj\n%s\nendobj\n", len(f.from), body)
	return fmt.Sprintf("%d 0 R", len(f.from))
}

// stream writes an object that holds data, compressed; entries describe it.
func (f *pdfFile) stream(entries string, data []byte) string {
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	z.Write(data) // neither fails: a buffer takes everything
	z.Close()
	return f.object(fmt.Sprintf("<< %s/Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream", entries, packed.Len(), packed.Bytes()))
}

// document is the whole file: one page, what it uses, and its words for who reads the file and not the page.
func (f *pdfFile) document(p *pdfPage, page sheet, title, words string) []byte {
	f.buf.WriteString("%PDF-1.4\n%\xe2\xe3\xcf\xd3\n") // four bytes above 127 say that the file is binary
	var uses strings.Builder
	uses.WriteString("/ExtGState <<")
	for _, a := range p.order {
		share := num(float64(a) / 255)
		fmt.Fprintf(&uses, " /A%d << /ca %s /CA %s >>", a, share, share)
	}
	uses.WriteString(" >>")
	if len(p.images) > 0 {
		uses.WriteString(" /XObject <<")
		for i, img := range p.images {
			fmt.Fprintf(&uses, " /I%d %s", i, f.image(img))
		}
		uses.WriteString(" >>")
	}
	uses.WriteString(p.letters.fonts(f))
	content := f.stream("", p.buf.Bytes())
	pages := fmt.Sprintf("%d 0 R", len(f.from)+2) // the page names the list that it stands in
	kid := f.object(fmt.Sprintf("<< /Type /Page /Parent %s /MediaBox [0 0 %s %s] /Contents %s /Resources << %s >> /Group << /S /Transparency /CS /DeviceRGB >> >>",
		pages, num(page.w), num(page.h), content, uses.String()))
	f.object(fmt.Sprintf("<< /Type /Pages /Kids [%s] /Count 1 >>", kid))
	catalog := f.object(fmt.Sprintf("<< /Type /Catalog /Pages %s /Lang (en) >>", pages))
	if title == "" {
		title = words
	}
	info := f.object(fmt.Sprintf("<< /Title %s /Subject %s /Producer (elboroom's vizlib) >>", pdfText(title), pdfText(words)))
	start := f.buf.Len()
	fmt.Fprintf(&f.buf, "xref\n0 %d\n0000000000 65535 f \n", len(f.from)+1)
	for _, at := range f.from {
		fmt.Fprintf(&f.buf, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&f.buf, "trailer\n<< /Size %d /Root %s /Info %s >>\nstartxref\n%d\n%%%%EOF\n", len(f.from)+1, catalog, info, start)
	return f.buf.Bytes()
}

// image writes an image, its opacity as a mask of its own where it has one.
func (f *pdfFile) image(img image.Image) string {
	b := img.Bounds()
	rgb, alpha := make([]byte, 0, 3*b.Dx()*b.Dy()), make([]byte, 0, b.Dx()*b.Dy())
	solid := true
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			c := color.NRGBAModel.Convert(img.At(x, y)).(color.NRGBA)
			rgb, alpha = append(rgb, c.R, c.G, c.B), append(alpha, c.A)
			solid = solid && c.A == 0xff
		}
	}
	entries := fmt.Sprintf("/Type /XObject /Subtype /Image /Width %d /Height %d /BitsPerComponent 8 ", b.Dx(), b.Dy())
	mask := ""
	if !solid {
		mask = "/SMask " + f.stream(entries+"/ColorSpace /DeviceGray ", alpha) + " "
	}
	return f.stream(entries+"/ColorSpace /DeviceRGB "+mask, rgb)
}

// pdfText is a string of any letters.
func pdfText(s string) string {
	return "<FEFF" + pdfUTF16(s) + ">"
}

// pdfUTF16 is a text in hexadecimal UTF-16, its high bytes first.
func pdfUTF16(s string) string {
	var out strings.Builder
	for _, u := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&out, "%04X", u)
	}
	return out.String()
}
