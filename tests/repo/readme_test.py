#!/usr/bin/env python3
"""What README.md shows of C stands in examples/, line by line, indentation aside: it is compiled and run there."""
import pathlib
import re
import sys

source = pathlib.Path(sys.argv[1])


def lines(text):
    return [line.strip() for line in text.strip("\n").split("\n")]


blocks = re.findall(r"(?:^ {4}.*\n|^\n(?= {4}))+", (source / "README.md").read_text(), re.M)
shown = [lines(block) for block in blocks if re.search(r"[;{]$", block, re.M)]
programs = ["\n" + "\n".join(lines(path.read_text())) + "\n" for path in (source / "examples").glob("*.c")]
rotten = [block for block in shown if not any("\n" + "\n".join(block) + "\n" in program for program in programs)]
for block in rotten:
    print("in no program of examples/:", *block, sep="\n    ")
if len(shown) < 2:
    print(f"README.md shows {len(shown)} blocks of C")
sys.exit(1 if rotten or len(shown) < 2 else 0)
