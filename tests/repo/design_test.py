#!/usr/bin/env python3
"""docs/design/descriptor.md names all that the language has and nothing else, and the providers that it shows are good
descriptors that say what the file they are of says."""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

source, build = map(pathlib.Path, sys.argv[1:])
page = (source / "docs/design/descriptor.md").read_text()
section = page.split("\n## Thirty providers\n", 1)[1].split("\n## ", 1)[0]
shown = re.findall(r"^\S[^\n]*?\(`([a-z0-9/-]+)`\):(?:[^\n]*\n)+?\n((?: {4}[^\n]*\n|\n(?= {4}))+)", section, re.M)
failures = 0


def fail(*words):
    global failures
    failures += 1
    print("docs/design/descriptor.md:", *words)


def file_of(name):
    folder = "tests/vectors/providers" if name.startswith("vectors/") else "providers"
    return source / folder / (name.rpartition("/")[2] + ".yaml")


def read(path):
    told = subprocess.run([build / "tests/descriptor_json", path], capture_output=True, text=True)
    if told.returncode:
        fail(told.stderr.strip())
    return json.loads(told.stdout)["descriptor"] if told.stdout else {}


def compare(name, part, whole, at=""):
    """All of part is in whole."""
    if isinstance(part, dict) and isinstance(whole, dict):
        for key, value in part.items():
            if key in whole:
                compare(name, value, whole[key], f"{at}/{key}")
            else:
                fail(f"{name}: {at}/{key} is not in its file")
    elif isinstance(part, list) and isinstance(whole, list):
        for value in part:
            if value not in whole:
                fail(f"{name}: {at} has {value}, and its file has not")
    elif part != whole:
        fail(f"{name}: {at} is {json.dumps(part)}, and in its file {json.dumps(whole)}")


def complete(block, whole):
    """The block, with what every descriptor begins with."""
    head = [f"{key}: {json.dumps(whole[key])}" for key in ("fob", "docs", "authorization_endpoint", "token_endpoint")
            if key in whole and not re.search(rf"^{key}:", block, re.M)]
    return "\n".join(head) + "\n" + block


with tempfile.TemporaryDirectory() as room:
    for number, (name, indented) in enumerate(shown):
        block = re.sub(r"^ {4}", "", indented, flags=re.M)
        whole = read(file_of(name))
        path = pathlib.Path(room) / f"{number}.yaml"
        path.write_text(complete(block, whole))
        lint = subprocess.run([build / "bin/fob", "lint", path], capture_output=True, text=True)
        if lint.returncode or lint.stdout:
            fail(f"{name}: fob lint:", lint.stdout.replace(room + os.sep, "") + lint.stderr)
        compare(name, read(path), whole)

# Every key and choice of the table, but for metadata, which keeps the names of RFC 8414; and every function, as it is called.
before = page.split("\n## Thirty providers\n", 1)[0]
named = {word for code in re.findall(r"`([^`\n]+)`", before) for word in re.findall(r"[\w-]+", code)}
language = "".join(path.read_text() for path in sorted((source / "core").glob("language*.c")) if "metadata" not in path.name)
words = set(re.findall(r'\.key = "([^"]+)"', language)) | set(re.findall(r'\{"([\w-]+)",\s*(?:FOB_|0)', language))
for word in sorted(words - named - {"metadata"}):
    fail(f"{word} of core/language*.c is not told")
functions = set(re.findall(r'^ {4}\{"\w+", "(\w+\([^"]*\))",', (source / "core/functions.c").read_text(), re.M))
table = before.split("| function | gives |\n", 1)[1].split("\n\n", 1)[0]
told = {call for row in table.splitlines() for call in re.findall(r"`(\w+\([^`]*\))`", row)}
for call in sorted(functions ^ told):
    fail(f"{call} is {'not told' if call in functions else 'no function of core/functions.c'}")
if len(words) < 100 or len(functions) < 10:
    fail(f"{len(words)} words and {len(functions)} functions were found in core")

blocks = len(re.findall(r"\n\n {4}\S", section))
if len(shown) != blocks or blocks < 30:
    fail(f"{blocks} providers are shown, {len(shown)} of them under a name like (`acme`):")
sys.exit(failures > 0)
