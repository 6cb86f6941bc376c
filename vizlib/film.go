package vizlib

import (
	"errors"
	"fmt"
	"image"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// film writes a movie as MP4 (H.264) or WebM (VP9). The coding is ffmpeg's work, on one thread and without the
// time of day, so that one version of ffmpeg gives the same bytes.
func (o Output) film(w io.Writer, r reel, ext string) error {
	ffmpeg, err := exec.LookPath("ffmpeg")
	if err != nil {
		return fmt.Errorf("a film (%s) needs ffmpeg, which is not installed: install it, or save as .gif", ext)
	}
	dir, err := os.MkdirTemp("", "elboroom")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	ts := newTypesetter()
	var list strings.Builder
	ease := o.Ease
	if ease == 0 {
		ease = filmEase
	}
	scenes, holds := glide(r, ease, filmStep)
	for i, s := range scenes {
		img, err := o.pixels(s, ts, pngWidth)
		if err != nil {
			return frameError(i, err)
		}
		name := fmt.Sprintf("%05d.png", i)
		if err := writeFrame(filepath.Join(dir, name), img); err != nil {
			return err
		}
		fmt.Fprintf(&list, "file %s\nduration %.3f\n", name, holds[i].Seconds())
		if i == len(scenes)-1 { // the concat demuxer forgets how long the last file is held
			fmt.Fprintf(&list, "file %s\n", name)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "list"), []byte(list.String()), 0o600); err != nil {
		return err
	}
	out := "film" + ext
	args := []string{"-hide_banner", "-loglevel", "error", "-f", "concat", "-i", "list", "-an", "-vf", filmFilter,
		"-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv",
		"-threads", "1", "-map_metadata", "-1", "-fflags", "+bitexact", "-flags:v", "+bitexact"}
	if ext == ".mp4" {
		args = append(args, "-c:v", "libx264", "-preset", "veryfast", "-crf", "18", "-tune", "animation", "-movflags", "+faststart")
	} else {
		args = append(args, "-c:v", "libvpx-vp9", "-crf", "24", "-b:v", "0", "-row-mt", "0", "-cpu-used", "6")
	}
	cmd := exec.Command(ffmpeg, append(args, out)...)
	cmd.Dir = dir
	if said, err := cmd.CombinedOutput(); err != nil {
		return errors.New("ffmpeg failed: " + strings.Join(strings.Fields(string(said)), " "))
	}
	f, err := os.Open(filepath.Join(dir, out))
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(w, f)
	return err
}

// filmFilter makes 25 frames a second of the pictures. An odd line of pixels is cut off, not squeezed in, which would blur
// all; colours become those of ITU-R BT.709, as players expect of a film that is tall, rather than ffmpeg's BT.601.
const filmFilter = "fps=25,crop=trunc(iw/2)*2:trunc(ih/2)*2,scale=out_color_matrix=bt709:out_range=tv,format=yuv420p"

func writeFrame(path string, img *image.RGBA) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return encodePNG(f, img)
}
