// Command kernel is a Jupyter kernel for Go cells. It runs notebooks that are written for GoNB, unchanged.
//
//	kernel install [--user | --sys-prefix | --prefix DIR | --data-dir DIR] [--name gonb] [--display-name …]
//	kernel run CONNECTION_FILE
//	kernel --version
//
// docs/KERNEL.md says what it does, where it differs from GoNB, and its limits.
package main

import (
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
	if len(args) == 0 {
		fmt.Print(usage)
		return nil
	}
	switch args[0] {
	case "install":
		return install(args[1:])
	case "run":
		if len(args) != 2 {
			return fmt.Errorf("run wants the connection file, and nothing else")
		}
		return serve(args[1])
	case "guard":
		if len(args) != 2 {
			return fmt.Errorf("guard is the kernel's own")
		}
		run.ServeGuard(args[1])
		return nil
	case "--version", "-version", "version":
		fmt.Println("elboroom kernel", Version)
		return nil
	case "--help", "-h", "help":
		fmt.Print(usage)
		return nil
	}
	return fmt.Errorf("no such command: %s\n\n%s", args[0], usage)
}
