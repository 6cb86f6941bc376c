package vizlib

import (
	"fmt"
	"html"
	"io"
)

// html writes a whole page that shows p offline: the figure and the engine.
func (o Output) html(w io.Writer, p Picture) error {
	if !drawable(p) { // it is whatever its own HTML is, and needs no engine
		if err := o.head(w, p.Alt()); err != nil {
			return err
		}
		if err := p.HTML(w); err != nil {
			return err
		}
		_, err := io.WriteString(w, "</body>\n</html>\n")
		return err
	}
	_, laid, _ := o.sheets()
	r, err := reelOf(p, laid)
	if err != nil {
		return err
	}
	title := r.still().Title
	if title == "" {
		title = r.Alt
	}
	poster, err := o.poster(r)
	if err != nil {
		return err
	}
	if err := o.head(w, title); err != nil {
		return err
	}
	if err := o.fragment(w, r, poster); err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "<script>\n%s</script>\n</body>\n</html>\n", engineScript(bundledEngine()))
	return err
}

// head begins a page.
func (o Output) head(w io.Writer, title string) error {
	_, err := fmt.Fprintf(w, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"+
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>%s</title>\n"+
		"<link rel=\"icon\" href=\"data:,\">\n<style>body{margin:1em auto;max-width:1080px;padding:0 1em;background:%s}</style>\n</head>\n<body>\n",
		html.EscapeString(title), css(o.Theme.theme().background))
	return err
}
