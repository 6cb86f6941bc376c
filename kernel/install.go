package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"

	"elboroom/kernel/build"
)

// spec is a kernelspec: "Making kernels for Jupyter", jupyter-client's documentation.
type spec struct {
	Argv          []string          `json:"argv"`
	DisplayName   string            `json:"display_name"`
	Language      string            `json:"language"`
	InterruptMode string            `json:"interrupt_mode"`
	Env           map[string]string `json:"env,omitempty"`
	Metadata      map[string]any    `json:"metadata"`
}

var kernelName = regexp.MustCompile(`^[A-Za-z0-9._-]+$`)

// install writes kernel.json.
func install(args []string) error {
	f := flag.NewFlagSet("kernel install", flag.ContinueOnError)
	f.Bool("user", false, "for this user (the default)")
	sys := f.Bool("sys-prefix", false, "into the Python environment of the python3 on the PATH")
	prefix := f.String("prefix", "", "into `DIR`/share/jupyter")
	data := f.String("data-dir", "", "into `DIR`/kernels, a folder of a JUPYTER_PATH")
	name := f.String("name", "", "the kernelspec's name; default elboroom, and gonb with --data-dir")
	display := f.String("display-name", "Go (elboroom)", "what the launcher shows")
	if err := f.Parse(args); errors.Is(err, flag.ErrHelp) {
		return nil
	} else if err != nil {
		return err
	}
	places, standard := 0, "elboroom"
	f.Visit(func(set *flag.Flag) {
		switch set.Name {
		case "data-dir":
			standard = "gonb"
			fallthrough
		case "user", "sys-prefix", "prefix":
			places++
		}
	})
	*name = cmp.Or(*name, standard)
	switch {
	case f.NArg() > 0:
		return fmt.Errorf("install: %q is no option", f.Arg(0))
	case runtime.GOOS == "windows":
		return errors.New("this kernel needs a Unix: on Windows run it, and Jupyter, inside WSL")
	case places > 1:
		return errors.New("install: choose one of --user, --sys-prefix, --prefix and --data-dir")
	case !kernelName.MatchString(*name):
		return fmt.Errorf("install: %q is no kernel name: letters, digits, dot, dash and underscore only", *name)
	}
	root, err := dataDir(*sys, *prefix, *data)
	if err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	s := spec{Argv: []string{self, "run", "{connection_file}"}, DisplayName: *display, Language: "go", InterruptMode: "message",
		Metadata: map[string]any{}}
	if gobin, err := build.FindGo(os.Environ()); err == nil {
		s.Env = map[string]string{"GONB_GO": gobin} // Jupyter may be started with a bare PATH
	} else {
		fmt.Fprintln(os.Stderr, "note:", err)
	}
	text, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	path := filepath.Join(root, "kernels", *name, "kernel.json")
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(path, append(text, '\n'), 0o644); err != nil {
		return err
	}
	fmt.Printf("The kernel %q (%s) stands in %s\n", *name, *display, path)
	return nil
}

// dataDir is the Jupyter data folder that is meant: jupyter_core's paths.
func dataDir(sys bool, prefix, data string) (string, error) {
	home, err := os.UserHomeDir()
	switch user, xdg := os.Getenv("JUPYTER_DATA_DIR"), os.Getenv("XDG_DATA_HOME"); {
	case data != "":
		return filepath.Abs(data)
	case prefix != "":
		return filepath.Abs(filepath.Join(prefix, "share", "jupyter"))
	case sys:
		out, err := exec.Command("python3", "-c", "import sys; print(sys.prefix)").Output()
		if err != nil {
			return "", fmt.Errorf("install: --sys-prefix asks python3 on the PATH, and that failed: %w", err)
		}
		return filepath.Join(strings.TrimSpace(string(out)), "share", "jupyter"), nil
	case user != "":
		return user, nil
	case runtime.GOOS == "darwin":
		return filepath.Join(home, "Library", "Jupyter"), err
	case xdg != "":
		return filepath.Join(xdg, "jupyter"), nil
	}
	return filepath.Join(home, ".local", "share", "jupyter"), err
}
