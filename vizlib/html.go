package vizlib

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"html"
	"image"
	"image/png"
	"io"
)

// A figure in a page is its poster, a sentence for pages without an engine, and its data. It holds no script
// and no id: it may stand twice in a page, before or after the engine, and a host that runs no script shows
// the poster.

// HTML writes the interactive figure for a page on which Setup has put the engine.
func (f Figure) HTML(w io.Writer) error { return writeHTML(w, f) }

// HTML writes the interactive panels for a page on which Setup has put the engine.
func (g Grid) HTML(w io.Writer) error { return writeHTML(w, g) }

// HTML writes the movie's player for a page on which Setup has put the engine.
func (m Movie) HTML(w io.Writer) error { return writeHTML(w, m) }

// fragmentStyle keeps the sentence back for a moment, so that it does not flash up before the engine arrives, and
// turns the poster's white to near black where JupyterLab, Notebook or VS Code are dark.
const fragmentStyle = `<style>.elboroom{max-width:1080px}.elboroom-poster{display:block;width:100%;height:auto}` +
	`.elboroom-hint{margin:.3em 0;font:13px "DejaVu Sans",Verdana,sans-serif;animation:elboroom-late 0s 4s both}` +
	`@keyframes elboroom-late{from{opacity:0}to{opacity:1}}` +
	`@media screen{[data-jp-theme-light=false] .elboroom-poster,.vscode-dark .elboroom-poster{filter:invert(.92) hue-rotate(180deg)}}</style>`

// The sentence below a poster.
const (
	hintFigure   = "A still picture: run the set-up cell to make it interactive."
	hintExplorer = "A still picture: run the set-up cell to move its sliders."
	hintMovie    = "A still picture of the movie’s end: run the set-up cell to play it."
)

func writeHTML(w io.Writer, p Picture) error {
	_, laid, _ := Output{}.sheets()
	r, err := reelOf(p, laid)
	if err != nil {
		return err
	}
	poster, err := Output{}.poster(r)
	if err != nil {
		return err
	}
	return Output{}.fragment(w, r, poster)
}

// fragment writes a picture that is laid out already, with its poster as PNG data.
func (o Output) fragment(w io.Writer, r reel, poster []byte) error {
	d, err := figureOf(r, o.Theme.theme(), newTypesetter())
	if err != nil {
		return err
	}
	d.Follow = o.Theme == Light
	data, err := packed(d)
	if err != nil {
		return err
	}
	hint := hintFigure
	switch {
	case r.tour != nil:
		hint = hintExplorer
	case len(r.Scenes) > 1:
		hint = hintMovie
	}
	_, err = fmt.Fprintf(w, `<div class="elboroom" data-format="%s" data-figure="%s">%s<img class="elboroom-poster" width="%d" height="%d" alt="%s" src="data:image/png;base64,%s"><p class="elboroom-hint">%s</p></div>`+"\n",
		figureFormat, data, fragmentStyle, int(d.Size[0]), int(d.Size[1]), html.EscapeString(r.Alt), base64.StdEncoding.EncodeToString(poster), hint)
	return err
}

// fragmentPoster is the poster's width in pixels: a notebook holds it twice, in the page and as the picture
// that hosts without HTML show.
const fragmentPoster = 1280

// poster draws the last scene with a palette of few colours, which keeps notebooks small.
func (o Output) poster(r reel) ([]byte, error) {
	o.Width = fragmentPoster
	img, err := o.pixels(r.still(), newTypesetter(), fragmentPoster)
	if err != nil {
		return nil, err
	}
	var buf bytes.Buffer
	palette := paletteOf([]*image.RGBA{img}, 64)
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&buf, palette.paint(img)); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}
