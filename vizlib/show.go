package vizlib

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"html"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode"
)

// Setup puts the interactive engine on the notebook's page, once; figures shown before and after find it
// there. Elsewhere, where every saved page has its own, it does nothing.
func Setup() error {
	out, err := notebook()
	if out == nil || err != nil {
		return err
	}
	return out.display(map[string]any{
		"text/html":  setupHTML(bundledEngine()),
		"text/plain": "The figures of this page are interactive.",
	})
}

// setupHTML is the engine with a word for the reader that it is there.
func setupHTML(engine []byte) string {
	note := "The figures of this page are interactive."
	if engine == nil {
		note = "The figures of this page load ECharts from its public CDN, which needs a network: vizlib was built without its engine (npm --prefix vizlib/bundle ci, then run build)."
	}
	return fmt.Sprintf("<div class=\"elboroom-setup\">%s</div>\n<script>\n%s</script>\n", note, engineScript(engine))
}

// Show displays a picture. In a notebook it is an interactive figure, with a PNG and a sentence for hosts
// that show no HTML; elsewhere it is a page in the folder for temporary files, and Show prints where.
func Show(p Picture) error {
	if p == nil {
		return fmt.Errorf("vizlib: Show: the picture is nil")
	}
	out, err := notebook()
	if err != nil {
		return err
	}
	if out == nil {
		path, err := showFile(p)
		if err != nil {
			return err
		}
		fmt.Printf("%s\nopen %s\n", p.Alt(), path)
		return nil
	}
	bundle, err := bundleOf(p)
	if err != nil { // a cell that does not look at the error must not end in silence
		return errors.Join(err, out.display(faultBundle(err)))
	}
	return out.display(bundle)
}

// faultBundle says on the page why there is no picture.
func faultBundle(err error) map[string]any {
	words := "This picture could not be drawn: " + err.Error()
	return map[string]any{
		"text/html":  `<div role="alert" style="max-width:1080px;padding:.6em 1em;border-left:4px solid #d55e00;font-weight:bold">` + html.EscapeString(words) + "</div>",
		"text/plain": words,
	}
}

// bundleOf is a picture in the three forms that a notebook's hosts choose from.
func bundleOf(p Picture) (map[string]any, error) {
	var page bytes.Buffer
	if !drawable(p) { // a Picture of somebody else's knows its own forms
		var still bytes.Buffer
		if err := p.HTML(&page); err != nil {
			return nil, err
		}
		if err := p.PNG(&still); err != nil {
			return nil, err
		}
		return map[string]any{"text/html": page.String(), "image/png": still.Bytes(), "text/plain": p.Alt()}, nil
	}
	r, err := reelOf(p, sheet{})
	if err != nil {
		return nil, err
	}
	poster, err := Output{}.poster(r)
	if err != nil {
		return nil, err
	}
	if err := (Output{}).fragment(&page, r, poster); err != nil {
		return nil, err
	}
	return map[string]any{"text/html": page.String(), "image/png": poster, "text/plain": r.Alt}, nil
}

// showFile writes the page of a picture and says where. The same picture gives the same file.
func showFile(p Picture) (string, error) {
	var page bytes.Buffer
	if err := (Output{}).html(&page, p); err != nil {
		return "", err
	}
	sum := sha256.Sum256(page.Bytes())
	name := fmt.Sprintf("%s-%x.html", slug(p), sum[:4])
	path := filepath.Join(os.TempDir(), "elboroom", name)
	if err := replace(path, func(w io.Writer) error { _, err := page.WriteTo(w); return err }); err != nil {
		return "", fmt.Errorf("vizlib: Show: %w", trimmed(err))
	}
	return path, nil
}

// slug is a picture's title as a file's name.
func slug(p Picture) string {
	title := ""
	if r, err := reelOf(p, sheet{}); err == nil {
		title = r.Scenes[0].Title
	}
	var b strings.Builder
	for _, r := range strings.ToLower(title) {
		switch {
		case r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
		if b.Len() >= 40 {
			break
		}
	}
	if s := strings.Trim(b.String(), "-"); s != "" {
		return s
	}
	return "figure"
}

// drawable says whether the layout knows the picture.
func drawable(p Picture) bool {
	if _, ok := movieOf(p); ok {
		return true
	}
	if _, ok := explorerOf(p); ok {
		return true
	}
	switch p.(type) {
	case Figure, *Figure, Grid, *Grid:
		return true
	}
	return false
}
