"""The kernel, spoken to by Jupyter's own clients: jupyter_kernel_test, nbclient, nbconvert, papermill, the console."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import nbformat
import pexpect
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

SUITE = textwrap.dedent(
    '''
    import unittest
    import jupyter_kernel_test

    class Go(jupyter_kernel_test.KernelTests):
        kernel_name = "gonb"
        language_name = "go"
        file_extension = ".go"
        code_hello_world = '%%\\nfmt.Println("hello, world")'
        code_stderr = 'fmt.Fprintln(os.Stderr, "oops")'
        completion_samples = [
            {"text": "fmt.Printl", "matches": {"Println"}},
            {"text": "%lis", "matches": {"list"}},
            {"text": "strings.ToUpperS", "matches": {"ToUpperSpecial"}},
        ]
        complete_code_samples = ["x := 1", '%%\\nfmt.Println(1)', "func f() {}", "!ls", "6 * 7"]
        incomplete_code_samples = ["func f() {", "x := (1 +", "fmt.Println(", "s := `a"]
        invalid_code_samples = ["x := )", "}"]
        code_generate_error = 'panic("x")'
        code_execute_result = [{"code": "6 * 7", "result": "42"}, {"code": 'strings.Repeat("a", 3)', "result": "aaa"}]
        code_history_pattern = "6 ?*"
        supported_history_operations = ("tail", "range", "search")
        code_inspect_sample = "fmt.Println"
        code_display_data = [{"code": "%help", "mime": "text/markdown"}]

        def execute_helper(self, *args, **kwargs):
            # The suite allows an output a tenth of a second, which a busy machine may need for itself.
            get = self.kc.iopub_channel.get_msg
            self.kc.iopub_channel.get_msg = lambda timeout: get(timeout=60)
            try:
                return super().execute_helper(*args, **{"timeout": 60, **kwargs})
            finally:
                del self.kc.iopub_channel.get_msg

    unittest.main()
    '''
)


@pytest.fixture
def environment(jupyter_env, monkeypatch):
    for name, value in jupyter_env.items():
        monkeypatch.setenv(name, value)
    return jupyter_env


def test_jupyter_kernel_test(environment, tmp_path):
    """Every case that applies. Left out are the pager and clear_output, which GoNB's protocol does not have."""
    script = tmp_path / "suite.py"
    script.write_text(SUITE)
    done = subprocess.run([sys.executable, script, "-v"], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr.count("... skipped") <= 2, done.stderr


def notebook(*cells):
    nb = nbformat.v4.new_notebook()
    nb.cells = [nbformat.v4.new_code_cell(text) for text in cells]
    nb.metadata.kernelspec = {"name": "gonb", "display_name": "Go", "language": "go"}
    return nb


def test_nbclient_shows_errors_as_text(environment, tmp_path):
    nb = notebook('%%\nfmt.Println("a")', "%%\nfmt.Println(b)", "1 + 1")
    with pytest.raises(CellExecutionError) as caught:
        NotebookClient(nb, timeout=180, kernel_name="gonb", resources={"metadata": {"path": str(tmp_path)}}).execute()
    assert "cell 2, line 2: undefined: b" in str(caught.value)
    assert "fmt.Println(b)" in str(caught.value)
    assert nb.cells[0].outputs[0].text == "a\n"
    assert not nb.cells[2].outputs


def test_nbclient_goes_on_where_told(environment, tmp_path):
    nb = notebook("panic(1)", "1 + 1")
    NotebookClient(nb, timeout=180, kernel_name="gonb", allow_errors=True, resources={"metadata": {"path": str(tmp_path)}}).execute()
    assert nb.cells[0].outputs[-1].ename == "panic"
    assert nb.cells[1].outputs[0].data["text/plain"] == "2"


def test_nbclient_interrupts_on_timeout(environment, tmp_path):
    nb = notebook("for {}", "1 + 1")
    patience = lambda cell: 2 if cell.source == "for {}" else 180  # noqa: E731
    client = NotebookClient(nb, timeout_func=patience, interrupt_on_timeout=True, allow_errors=True, kernel_name="gonb", resources={"metadata": {"path": str(tmp_path)}})
    client.execute()
    assert nb.cells[0].outputs[-1].ename == "Interrupted"
    assert nb.cells[1].outputs[0].data["text/plain"] == "2"


def run(tool, *args, env, cwd):
    done = subprocess.run([Path(sys.executable).parent / tool, *args], cwd=cwd, env=env, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_nbconvert_executes(environment, tmp_path):
    nbformat.write(notebook("6 * 7"), tmp_path / "n.ipynb")
    run("jupyter-nbconvert", "--to", "html", "--execute", "n.ipynb", env=environment, cwd=tmp_path)
    assert "42" in (tmp_path / "n.html").read_text()


def test_papermill_runs(environment, tmp_path):
    nbformat.write(notebook('%%\nfmt.Println("by papermill")'), tmp_path / "n.ipynb")
    run("papermill", "n.ipynb", "out.ipynb", "-k", "gonb", env=environment, cwd=tmp_path)
    assert nbformat.read(tmp_path / "out.ipynb", 4).cells[0].outputs[0].text == "by papermill\n"


def test_console(environment, tmp_path):
    """Runs a cell, answers an input prompt, and leaves."""
    console = pexpect.spawn(
        str(Path(sys.executable).parent / "jupyter-console"),
        ["--kernel", "gonb", "--simple-prompt"],
        cwd=str(tmp_path),
        env=dict(environment, TERM="dumb", JUPYTER_CONSOLE_TEST="1"),
        encoding="utf-8",
        timeout=180,
    )
    try:
        console.expect("In ")
        console.sendline('fmt.Println("in the", "console")')
        console.expect("in the console")
        console.expect("In ")
        console.sendline("6 * 7")
        console.expect("42")
        console.expect("In ")
        console.sendline("!read x; echo got $x")
        console.sendline("an answer")
        console.expect("got an answer")
        console.expect("In ")
        console.sendeof()
        if console.expect(["really want to exit", pexpect.EOF]) == 0:
            console.sendline("y")
            console.expect(pexpect.EOF)
    finally:
        console.close(force=True)


def test_restart_forgets(environment, tmp_path):
    from jupyter_client.manager import start_new_kernel

    manager, client = start_new_kernel(kernel_name="gonb", cwd=str(tmp_path))
    try:
        assert client.execute_interactive("func f() int { return 1 }", timeout=180)["content"]["status"] == "ok"
        assert client.execute_interactive("f()", timeout=180)["content"]["status"] == "ok"
        manager.restart_kernel(now=False)
        client.wait_for_ready(timeout=180)
        reply = client.execute_interactive("f()", timeout=180, output_hook=lambda m: None)["content"]
        assert reply["status"] == "error" and reply["evalue"] == "cell 1, line 1: undefined: f"
    finally:
        client.stop_channels()
        manager.shutdown_kernel()
    assert not manager.is_alive()


def test_spec_is_ours(environment, tmp_path):
    out = run("jupyter-kernelspec", "list", "--json", env=environment, cwd=tmp_path)
    assert "Go (elboroom)" in out
    assert os.path.join(".jupyter", "share", "kernels", "gonb") in out


def ended(pid):
    """Whether a process is gone, or has nobody left to hear of its end."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True).stdout.strip()
    return state == "" or state.startswith("Z")


def test_nothing_is_left_of_a_jupyter_that_was_killed(environment, tmp_path):
    """Jupyter gets a kill -9 while a cell runs."""
    (tmp_path / "tmp").mkdir()
    jupyter = textwrap.dedent(
        """
        import time
        from jupyter_client.manager import start_new_kernel
        manager, client = start_new_kernel(kernel_name="gonb")
        client.execute('fmt.Println(os.Getpid())\\nfor {}')
        while True:
            content = client.get_iopub_msg(timeout=180)["content"]
            if content.get("name") == "stdout":
                print(manager.provisioner.pid, content["text"].strip(), flush=True)
                time.sleep(600)
        """
    )
    process = subprocess.Popen([sys.executable, "-c", jupyter], cwd=tmp_path, env=dict(environment, TMPDIR=str(tmp_path / "tmp")), stdout=subprocess.PIPE, text=True)
    kernel, cell = map(int, process.stdout.readline().split())
    assert list((tmp_path / "tmp").glob("gonb_*")), "the kernel has no folder where this test looks"
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    for _ in range(600):
        left = [*(pid for pid in (kernel, cell) if not ended(pid)), *(tmp_path / "tmp").glob("gonb_*")]
        if not left:
            return
        time.sleep(0.1)
    raise AssertionError(f"after a minute there are still {left}")
