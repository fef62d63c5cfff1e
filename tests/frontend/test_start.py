"""TensorFlow starts without a word, and what compiled code prints leaves standard output alone."""

import subprocess
import sys


def run(code):
    """(exit code, stdout, stderr) of ``code`` in a process of its own."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def test_tensorflow_starts_without_a_word():
    code = "from argand.frontend.start import start_tensorflow as s; print(s().add(1, 2).numpy())"
    assert run(code) == (0, "3\n", "")


def test_what_it_says_is_shown_where_it_fails():
    code = (
        "import os, sys\n"
        "from argand.frontend.start import start_tensorflow\n"
        "class Broken:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name == 'tensorflow':\n"
        "            os.write(2, b'said on the way\\n')\n"
        "            raise ImportError('not today')\n"
        "sys.meta_path.insert(0, Broken())\n"
        "start_tensorflow()\n"
    )
    status, out, err = run(code)
    assert (status, out) == (1, "")
    assert err.startswith("said on the way\n")
    assert err.endswith("ImportError: not today\n")


def test_standard_output_of_compiled_code_goes_to_standard_error_and_comes_back():
    code = (
        "import os\n"
        "from argand.frontend.start import stdout_to_stderr\n"
        "print('before')\n"
        "try:\n"
        "    with stdout_to_stderr():\n"
        "        os.write(1, b'compiled\\n')\n"
        "        raise KeyError\n"
        "except KeyError:\n"
        "    print('after')\n"
    )
    assert run(code) == (0, "before\nafter\n", "compiled\n")
