package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestInstall(t *testing.T) {
	for name, c := range map[string]struct {
		args []string
		env  string
		path string
	}{
		"data dir":       {[]string{"--data-dir", "@/a"}, "", "a/kernels/gonb"},
		"a name":         {[]string{"--data-dir", "@/a", "--name", "other", "--display-name", "Other"}, "", "a/kernels/other"},
		"prefix":         {[]string{"--prefix", "@/b"}, "", "b/share/jupyter/kernels/elboroom"},
		"user, by env":   {[]string{"--user"}, "JUPYTER_DATA_DIR=@/c", "c/kernels/elboroom"},
		"user, no words": {nil, "JUPYTER_DATA_DIR=@/d", "d/kernels/elboroom"},
	} {
		dir := t.TempDir()
		args := []string{"install"}
		for _, a := range c.args {
			args = append(args, strings.ReplaceAll(a, "@", dir))
		}
		cmd := exec.Command(kernelBin, args...)
		cmd.Env = append(os.Environ(), "HOME="+dir, "GONB_GO=", strings.ReplaceAll(c.env, "@", dir))
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s: %v: %s", name, err, out)
			continue
		}
		data, err := os.ReadFile(filepath.Join(dir, c.path, "kernel.json"))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var s spec
		if err := json.Unmarshal(data, &s); err != nil {
			t.Fatal(err)
		}
		if s.Language != "go" || s.InterruptMode != "message" || len(s.Argv) != 3 || !filepath.IsAbs(s.Argv[0]) || s.Argv[2] != "{connection_file}" || s.DisplayName == "" {
			t.Errorf("%s: %+v", name, s)
		}
	}
}

func TestCommandsThatAreWrong(t *testing.T) {
	for want, args := range map[string][]string{
		"no such command":      {"instal"},
		"wants the connection": {"run"},
		"no such file":         {"run", "nowhere.json"},
		"choose one of":        {"install", "--user", "--prefix", "x"},
		"is no kernel name":    {"install", "--name", "a/b"},
	} {
		out, err := exec.Command(kernelBin, args...).CombinedOutput()
		if err == nil || !strings.Contains(string(out), want) {
			t.Errorf("%q: %v, %s", args, err, out)
		}
	}
	if out, err := exec.Command(kernelBin, "--version").Output(); err != nil || !strings.Contains(string(out), Version) {
		t.Errorf("--version: %s, %v", out, err)
	}
	file := filepath.Join(t.TempDir(), "kernel-1.json")
	if err := os.WriteFile(file, []byte(`{"ip":"0.0.0.0","transport":"tcp"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(kernelBin, "run", file).CombinedOutput(); err == nil || !strings.Contains(string(out), "loopback") {
		t.Errorf("bound to all interfaces: %s", out)
	}
}
