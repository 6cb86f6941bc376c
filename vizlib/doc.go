// Package vizlib draws pictures for slides, movies and notebooks from one description.
//
// A Figure is a panel: marks (curves, dots, bars, contours …) in a window that is found from them. A Grid places
// several panels on a slide by hand; a Movie is a sequence of either, an Explorer has sliders. Marks turn numbers
// into a few kinds of Shape, and every medium draws those: so the picture that plays in the notebook is the one in
// the PDF.
//
//	vizlib.Show(fig)              // in a notebook: interactive; elsewhere: a page in a file
//	vizlib.Save("fig.pdf", fig)   // .svg .pdf .png .tex .gif .mp4 .webm .html by its ending
//	vizlib.Output{Theme: vizlib.Dark}.Save("fig.png", fig)
//
// Marks are coloured by role (Ink), never by colour: a Theme says what a role looks like. Sizes are points of a
// slide of 960×540. What cannot be drawn (NaN, an empty series, an inverted window, a letter without a glyph) is
// an error of one sentence, which the picture's Alt repeats; it is never a blank.
//
// An interactive figure shows values under the pointer, hides a name at a click, zooms with Ctrl and the wheel, with two
// fingers or with + and − (0 shows all again), moves when it is dragged, fills the screen with f, and is saved as PNG by
// the button at its corner. Space, the arrows, Home and End play and step a movie; in a figure without a player, or with
// Shift, the arrows move a zoomed window. A figure in the Light theme takes the Dark one where it stands on a dark ground,
// such as JupyterLab's; every other theme stays as it is.
//
// The package knows numbers, functions and axes. It does no inference, and no solver knows it.
package vizlib
