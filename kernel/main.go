// Command kernel is a Jupyter kernel for Go cells. It runs notebooks that are written for GoNB, unchanged.
// docs/KERNEL.md says what it does, where it differs from GoNB, and its limits.
package main

import (
	"errors"
	"fmt"
	"log"
	"os"

	"elboroom/kernel/run"
)

// Version of this kernel, and of the GoNB whose notebooks it runs.
const (
	Version     = "0.2.0"
	gonbVersion = "v0.11.0"
)

const usage = `A Jupyter kernel for Go cells.

  kernel install [--user | --sys-prefix | --prefix DIR | --data-dir DIR] [--name gonb] [--display-name NAME]
  kernel run CONNECTION_FILE
  kernel --version
`

func main() {
	log.SetFlags(log.Ltime)
	log.SetPrefix("gonb kernel: ")
	if err := dispatch(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "kernel:", err)
		os.Exit(1)
	}
}

func dispatch(args []string) error {
	command := "help"
	if len(args) > 0 {
		command, args = args[0], args[1:]
	}
	switch {
	case command == "install":
		return install(args)
	case command == "run" && len(args) == 1:
		return serve(args[0])
	case command == "run":
		return errors.New("run wants the connection file, and nothing else")
	case command == "guard" && len(args) == 1: // the kernel's own
		run.ServeGuard(args[0])
	case command == "--version" || command == "version":
		fmt.Println("elboroom kernel", Version)
	case command == "--help" || command == "-h" || command == "help":
		fmt.Print(usage)
	default:
		return fmt.Errorf("no such command: %s\n\n%s", command, usage)
	}
	return nil
}
