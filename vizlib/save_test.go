package vizlib

import (
	"bytes"
	"encoding/xml"
	"image"
	"image/gif"
	"image/png"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func sample() Figure {
	return Figure{
		Title: "KL(q‖p) & <q>", Caption: "sweep 2 · q(μₖ) moved", Numbers: "−87.81 nats", X: "θ₁", Y: "density",
		Marks: []Mark{
			Curve{F: bell(0, 1), From: -3, To: 3, Name: "p(θ)", Style: Style{Ink: P, Fill: 0.4}},
			Curve{F: bell(0.5, 0.7), From: -3, To: 3, Name: "q(θ)", Style: Style{Ink: Two, Hatch: true, Casing: true}},
			Dots{X: []float64{-1, 0, 1}, Y: []float64{0.1, 0.2, 0.3}, Style: Style{Rim: true}},
			Contour{F: func(x, y float64) float64 { return x * y }, N: 21, Levels: []float64{0.1}},
			Heat{F: func(x, y float64) float64 { return x * y }, N: 11, Style: Style{Ink: Muted}},
		},
	}
}

func sampleMovie() Movie {
	return Movie{Len: 3, Frame: func(i int) Picture {
		return Figure{Title: "A movie", Caption: "step " + string(rune('0'+i)), Marks: []Mark{Curve{F: bell(float64(i), 1), From: -3, To: 5, Name: "q"}}}
	}}
}

// The same picture gives the same bytes, in every medium.
func TestSameBytes(t *testing.T) {
	dir := t.TempDir()
	for _, ext := range []string{".svg", ".pdf", ".png", ".tex", ".gif"} {
		var files [2][]byte
		for i := range files {
			path := filepath.Join(dir, "a"+ext)
			if err := Save(path, sample()); err != nil {
				t.Fatal(err)
			}
			files[i], _ = os.ReadFile(path)
			time.Sleep(2 * time.Millisecond)
		}
		if len(files[0]) == 0 || !bytes.Equal(files[0], files[1]) {
			t.Errorf("%s: %d and %d bytes, not the same", ext, len(files[0]), len(files[1]))
		}
		if now := time.Now(); bytes.Contains(files[0], []byte(now.Format("20060102"))) || bytes.Contains(files[0], []byte(dir)) {
			t.Errorf("%s holds today's date or the machine's path", ext)
		}
	}
}

// A PDF with several images of one size is the same bytes too, and shows each in its place.
func TestImagesOfOneSize(t *testing.T) {
	var g Grid
	for i := range 6 {
		cells := [][]float64{{0, 1}, {float64(i) / 6, 0.5}}
		g.Cells = append(g.Cells, Cell{At: Rect{0.1 + 0.14*float64(i), 0.4, 0.1, 0.2}, Figure: Figure{View: View{Axes: NoAxes}, Marks: []Mark{Heat{Cells: cells}}}})
	}
	var first []byte
	for range 8 {
		path := filepath.Join(t.TempDir(), "a.pdf")
		if err := Save(path, g); err != nil {
			t.Fatal(err)
		}
		now, _ := os.ReadFile(path)
		if first == nil {
			first = now
		}
		if len(now) == 0 || !bytes.Equal(now, first) {
			t.Fatalf("%d and %d bytes, not the same", len(now), len(first))
		}
	}
	if n := bytes.Count(first, []byte("/Subtype /Image")); n < len(g.Cells) {
		t.Errorf("%d images in the file, want at least %d", n, len(g.Cells))
	}
}

func TestSVGIsXMLWithWords(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.svg")
	if err := Save(path, sample()); err != nil {
		t.Fatal(err)
	}
	f, _ := os.Open(path)
	defer f.Close()
	d := xml.NewDecoder(f)
	texts := map[string]string{}
	var inside string
	for {
		tok, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatalf("not XML: %v", err)
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			inside = tok.Name.Local
			if inside == "text" {
				t.Error("letters are set as text, want outlines")
			}
		case xml.CharData:
			texts[inside] += strings.TrimSpace(string(tok))
		}
	}
	if texts["title"] != "KL(q‖p) & <q>" || !strings.Contains(texts["desc"], "q(θ)") {
		t.Errorf("title %q and desc %q", texts["title"], texts["desc"])
	}
}

func TestPNGSizes(t *testing.T) {
	for _, c := range []struct {
		o    Output
		w, h int
	}{
		{Output{}, 1920, 1080},
		{Output{Width: 800}, 800, 450},
		{Output{Width: 800, Page: Page{Width: 254, Height: 190.5}}, 800, 600},
		{Output{Width: 850, Page: Page{Width: 85}}, 850, 527},
	} {
		path := filepath.Join(t.TempDir(), "a.png")
		if err := c.o.Save(path, sample()); err != nil {
			t.Fatal(err)
		}
		f, _ := os.Open(path)
		img, err := png.DecodeConfig(f)
		f.Close()
		if err != nil || img.Width != c.w || img.Height != c.h {
			t.Errorf("%+v: %d×%d (%v), want %d×%d", c.o, img.Width, img.Height, err, c.w, c.h)
		}
	}
}

// Each frame of a GIF, put over those before, is the frame that was drawn, up to the palette.
func TestGIF(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.gif")
	if err := (Output{Width: 480}).Save(path, sampleMovie()); err != nil {
		t.Fatal(err)
	}
	f, _ := os.Open(path)
	defer f.Close()
	g, err := gif.DecodeAll(f)
	if err != nil {
		t.Fatal(err)
	}
	if len(g.Image) != 3 || g.Delay[0] != 70 || g.Delay[2] != 200 || g.LoopCount != 0 {
		t.Fatalf("%d frames, delays %v, loop %d; want 3 frames of 70, 70, 200 for ever", len(g.Image), g.Delay, g.LoopCount)
	}
	r, _ := layoutMovie(sampleMovie())
	screen := g.Image[0]
	for i, img := range g.Image {
		for y := img.Rect.Min.Y; y < img.Rect.Max.Y; y++ {
			for x := img.Rect.Min.X; x < img.Rect.Max.X; x++ {
				if c := img.At(x, y); i > 0 {
					if _, _, _, a := c.RGBA(); a != 0 {
						screen.Set(x, y, c)
					}
				}
			}
		}
		want, _ := Output{Width: 480}.pixels(r.Scenes[i], newTypesetter(), 0)
		far := 0
		for y := range want.Rect.Dy() {
			for x := range want.Rect.Dx() {
				r0, g0, b0, _ := want.At(x, y).RGBA()
				r1, g1, b1, _ := screen.At(x, y).RGBA()
				for _, d := range [3]int{int(r0) - int(r1), int(g0) - int(g1), int(b0) - int(b1)} {
					if d < -24<<8 || d > 24<<8 {
						far++
					}
				}
			}
		}
		if far > 0 {
			t.Errorf("frame %d: %d channels are far from what was drawn", i, far)
		}
	}
}

// Few colours stay exact; many keep the frequent ones exact.
func TestPaletteKeepsFlatColours(t *testing.T) {
	img, err := Output{Width: 960}.pixels(mustLayout(t, sample()), newTypesetter(), 0)
	if err != nil {
		t.Fatal(err)
	}
	pal := paletteOf([]*image.RGBA{img}, 64)
	if len(pal.colors) > 64 {
		t.Fatalf("%d colours, want at most 64", len(pal.colors))
	}
	out := pal.paint(img)
	if got, want := out.At(2, 2), img.At(2, 2); !sameColor(got, want) {
		t.Errorf("the background %v became %v", want, got)
	}
}

// A file that exists stays as it was when the new one cannot be drawn, and nothing else is left behind.
func TestSaveIsAllOrNothing(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "sub", "a.svg")
	if err := Save(path, sample()); err != nil {
		t.Fatal(err)
	}
	before, _ := os.ReadFile(path)
	bad := sample()
	bad.Title = "a 日"
	err := Save(path, bad)
	if err == nil || !strings.Contains(err.Error(), "U+65E5") || !strings.HasPrefix(err.Error(), "vizlib: "+path+" is not written: ") {
		t.Errorf("error %v, want one that names the file and the rune", err)
	}
	after, _ := os.ReadFile(path)
	entries, _ := os.ReadDir(filepath.Dir(path))
	if !bytes.Equal(before, after) || len(entries) != 1 {
		t.Errorf("the old file changed, or %d files are left", len(entries))
	}
}

func TestSaveSaysWhatIsWrong(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		path string
		o    Output
		p    Picture
		want string
	}{
		{filepath.Join(dir, "a.bmp"), Output{}, sample(), "names no medium"},
		{filepath.Join(dir, "a"), Output{}, sample(), "names no medium"},
		{filepath.Join(dir, "a.png"), Output{}, nil, "the picture is nil"},
		{filepath.Join(dir, "a.png"), Output{Width: -1}, sample(), "Output.Width is -1"},
		{filepath.Join(dir, "a.png"), Output{Theme: 9}, sample(), "none of Light, Dark"},
		{filepath.Join(dir, "a.pdf"), Output{Page: Page{Width: 1}}, sample(), "Output.Page is 1"},
		{filepath.Join(file, "a.png"), Output{}, sample(), "not a directory"},
		{filepath.Join(dir, "a.png"), Output{}, Strip(sampleMovie(), 7), "frame 7 of 3"},
	} {
		if err := c.o.Save(c.path, c.p); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want one with %q", c.path, err, c.want)
		}
	}
}

func TestNumberedFrames(t *testing.T) {
	dir := t.TempDir()
	if err := Save(filepath.Join(dir, "f-%02d.svg"), sampleMovie()); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"f-00.svg", "f-01.svg", "f-02.svg"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
}

func TestStrip(t *testing.T) {
	s := Strip(sampleMovie())
	path := filepath.Join(t.TempDir(), "s.svg")
	if err := Save(path, s); err != nil {
		t.Fatal(err)
	}
	if a := s.Alt(); !strings.HasPrefix(a, "A strip of 3 frames: A movie. step 0.") || strings.Count(a, "A movie") != 1 {
		t.Errorf("Alt is %q, want the shared title once and three frames", a)
	}
	if tiles, _, err := Strip(sampleMovie(), 1).(strip).tiles(Output{}); err != nil || len(tiles) != 1 || tiles[0].s.Title != "A movie" {
		t.Errorf("a strip of one frame has %d tiles (%v), want the frame with its title", len(tiles), err)
	}
}

// Where ffmpeg is missing, the error says so, and how to do without.
func TestFilmWithoutFFmpeg(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	path := filepath.Join(t.TempDir(), "a.webm")
	err := Save(path, sampleMovie())
	if want := "vizlib: " + path + " is not written: a film (.webm) needs ffmpeg, which is not installed: install it, or save as .gif"; err == nil || err.Error() != want {
		t.Errorf("error %v, want %q", err, want)
	}
}

// A film has the length of its holds, an even size, the colours of its frames, and the same bytes each time.
func TestFilm(t *testing.T) {
	if _, err := exec.LookPath("ffmpeg"); err != nil {
		lackingTool(t, "there is no ffmpeg; install the package ffmpeg")
	}
	blue := Blocks{At: []Box{{Max: Point{1, 1}}}, Style: Style{Ink: Q, Fill: 1}}
	flat := Grid{Cells: []Cell{{At: Rect{0, 0, 1, 1}, Figure: Figure{View: View{X: Interval{0, 1}, Y: Interval{0, 1}, Axes: NoAxes}, Marks: []Mark{blue}}}}}
	want := lightTheme().looks[Q].line
	for _, ext := range []string{".mp4", ".webm"} {
		dir := t.TempDir()
		path, plain := filepath.Join(dir, "a"+ext), filepath.Join(dir, "flat"+ext)
		if err := (Output{Width: 321}).Save(path, sampleMovie()); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command("ffprobe", "-v", "error", "-show_entries", "format=duration:stream=width,height,color_space", "-of", "csv=p=0", path).Output()
		if err != nil || string(out) != "320,180,bt709\n3.440000\n" && string(out) != "320,180,bt709\n3.400000\n" {
			t.Errorf("%s: ffprobe says %q (%v), want 320×180, bt709, 3.4 seconds", ext, out, err)
		}
		first, _ := os.ReadFile(path)
		if err := (Output{Width: 321}).Save(path, sampleMovie()); err != nil {
			t.Fatal(err)
		}
		if again, _ := os.ReadFile(path); !bytes.Equal(first, again) {
			t.Errorf("%s: a second film has other bytes", ext)
		}
		if err := (Output{Width: 320}).Save(plain, flat); err != nil {
			t.Fatal(err)
		}
		pixels, err := exec.Command("ffmpeg", "-v", "error", "-i", plain, "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "rgb24", "-").Output()
		if err != nil || len(pixels) != 320*180*3 {
			t.Fatalf("%s: %d bytes of pixels (%v)", ext, len(pixels), err)
		}
		const off = 4 // of 255, by the rounding to 8 bits of luma and chroma
		middle := pixels[(90*320+160)*3:]
		for k, c := range [3]uint8{want.R, want.G, want.B} {
			if d := int(middle[k]) - int(c); d < -off || d > off {
				t.Errorf("%s: the blue is %v, want %v", ext, middle[:3], want)
			}
		}
	}
}

// What is written as PNG is read back pixel by pixel.
func TestPNGRoundTrip(t *testing.T) {
	want, err := Output{Width: 333}.pixels(mustLayout(t, sample()), newTypesetter(), 0)
	if err != nil {
		t.Fatal(err)
	}
	var buf bytes.Buffer
	if err := encodePNG(&buf, want); err != nil {
		t.Fatal(err)
	}
	got, err := png.Decode(&buf)
	if err != nil {
		t.Fatal(err)
	}
	if got.Bounds() != want.Bounds() {
		t.Fatalf("%v, want %v", got.Bounds(), want.Bounds())
	}
	for y := range want.Rect.Dy() {
		for x := range want.Rect.Dx() {
			if !sameColor(got.At(x, y), want.At(x, y)) {
				t.Fatalf("pixel (%d, %d) is %v, want %v", x, y, got.At(x, y), want.At(x, y))
			}
		}
	}
}
