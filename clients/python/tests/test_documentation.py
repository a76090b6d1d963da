"""README.md: its first call works as typed, and every public name is in it and documented."""

import contextlib
import io
import os
import re
import typing
import unittest

import ymasknet

from .support.paths import PROJECT, REPOSITORY
from .support.server import shared_server

README = (PROJECT / "README.md").read_text(encoding="utf-8")
DEFAULT_ADDRESS = "http://127.0.0.1:5080"


def first_call(text: str) -> str:
    """The first block of Python."""
    return re.search(r"```python\n(.*?)```", text, re.DOTALL)[1]


class FirstCallTests(unittest.TestCase):
    def test_the_first_call_works_as_typed(self):
        shared_server()
        here = os.getcwd()
        self.addCleanup(os.chdir, here)
        os.chdir(REPOSITORY)
        root_readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
        python_part = root_readme[root_readme.index("From Python") :]
        for name, text in (("clients/python/README.md", README), ("README.md", python_part)):
            code = first_call(text)
            self.assertLessEqual(len(code.strip().splitlines()), 10, name)
            self.assertIn(DEFAULT_ADDRESS, code, name)
            printed = io.StringIO()
            with contextlib.redirect_stdout(printed):
                exec(compile(code.replace(DEFAULT_ADDRESS, shared_server().address), name, "exec"), {})
            self.assertRegex(printed.getvalue(), r"(?m)^[a-z-]+ 0\.\d\d at \(.*\) .* pixels$", name)

    def test_the_packages_first_lines_are_the_same(self):
        self.assertIn('client.inspect("board.png")', ymasknet.__doc__)

    def test_every_block_of_python_compiles(self):
        blocks = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
        self.assertGreater(len(blocks), 4)
        for block in blocks:
            # Blocks of asyncio stand for what is in a coroutine.
            compile(
                "async def block():\n" + "".join(f"    {line}\n" for line in block.splitlines()), "README.md", "exec"
            )


class ReferenceTests(unittest.TestCase):
    def test_every_public_name_is_in_the_readme(self):
        missing = [name for name in ymasknet.__all__ if not re.search(rf"`{name}\b", README)]
        self.assertEqual(missing, [])

    def test_every_public_class_and_method_is_documented(self):
        undocumented = []
        for name in ymasknet.__all__:
            item = getattr(ymasknet, name)
            if not isinstance(item, type):
                self.assertTrue(
                    typing.get_origin(item) is not None, f"{name} is neither a class nor an alias of a type."
                )
                continue
            members = [
                member
                for member in vars(item).items()
                if not member[0].startswith("_") and (callable(member[1]) or isinstance(member[1], property))
            ]
            undocumented += [f"{name}.{key}" for key, value in members if not getattr(value, "__doc__", None)]
            if not (item.__doc__ or "").strip() or item.__doc__.startswith(f"{name}("):
                undocumented.append(name)
        self.assertEqual(undocumented, [])


if __name__ == "__main__":
    unittest.main()
