#!/usr/bin/env python3
"""Makes Sources/WhatsAppWire/Generated/TokenTable.swift from Tests/WhatsAppWireTests/Vectors/tokens.json.

usage: generate-tokens.py

The JSON has `single_byte` (index = byte on the wire, 0 is empty) and `double_byte` (four lists of 256). Beside the
tables the file gets a perfect hash: 512 buckets, each with a displacement, into 2048 slots (see Token.swift)."""

import json
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "Tests/WhatsAppWireTests/Vectors/tokens.json"
TARGET = ROOT / "Sources/WhatsAppWire/Generated/TokenTable.swift"
MASK = (1 << 64) - 1


def mix(word: int, state: int) -> int:
    state = ((state ^ word) * 0xFF51AFD7ED558CCD) & MASK
    return state ^ state >> 32


def token_hash(text: str) -> int:
    data = text.encode()
    state = len(data) * 0x9E3779B97F4A7C15 & MASK
    whole = len(data) // 8 * 8
    for offset in range(0, whole, 8):
        state = mix(int.from_bytes(data[offset : offset + 8], "little"), state)
    return mix(int.from_bytes(data[whole:], "little"), state)


def slot_of(value: int, displacement: int) -> int:
    return (value >> 16) + displacement * (value >> 32 | 1) & 2047


def perfect_hash(codes: dict[str, int]) -> tuple[list[int], list[int]]:
    buckets: list[list[tuple[int, int]]] = [[] for _ in range(512)]
    for text, code in codes.items():
        value = token_hash(text)
        buckets[value & 511].append((value, code))
    displacements, slots = [0] * 512, [0] * 2048
    for index in sorted(range(512), key=lambda i: -len(buckets[i])):
        for displacement in range(1 << 16):
            places = {slot_of(value, displacement): code for value, code in buckets[index]}
            if len(places) == len(buckets[index]) and not any(slots[place] for place in places):
                break
        else:
            raise SystemExit("no displacement fits; change the hash")
        displacements[index] = displacement
        for place, code in places.items():
            slots[place] = code
    return displacements, slots


def literal(text: str) -> str:
    assert text.isascii() and not set(text) & set('"\\'), text
    return f'"{text}"'


def lines(items: list[str]) -> str:
    rows, row = [], ""
    for item in items:
        if len(row) + len(item) + 2 > 108:
            rows.append(row.rstrip())
            row = ""
        row += item + ", "
    return "\n".join("        " + r for r in [*rows, row.rstrip()])


def main() -> None:
    tables = json.loads(SOURCE.read_text())
    single, double = tables["single_byte"], [text for table in tables["double_byte"] for text in table]
    assert len(single) == 236 and len(double) == 1024 and single[0] == ""
    codes = {text: 256 + index for index, text in enumerate(double)}
    codes |= {text: index for index, text in enumerate(single) if text}
    displacements, slots = perfect_hash(codes)
    longest = max(len(text.encode()) for text in codes)
    TARGET.write_text(
        f"""// Made by scripts/generate-tokens.py from Tests/WhatsAppWireTests/Vectors/tokens.json; do not edit.
// swift-format-ignore-file

/// WhatsApp's dictionary of strings, version {tables["dictionary_version"]}, and a perfect hash over it.
enum TokenTable {{
    /// The length of the longest token in bytes.
    static let longest = {longest}

    /// The string of each byte; 0 stands for none.
    static let single: [String] = [
{lines([literal(t) for t in single])}
    ]

    /// The strings of two bytes: 256 of each of the four dictionaries.
    static let double: [String] = [
{lines([literal(t) for t in double])}
    ]

    /// What is mixed into the slot of each of the 512 buckets.
    static let displacements: [UInt16] = [
{lines([str(n) for n in displacements])}
    ]

    /// The code of the token that falls into each of the 2048 slots, 0 for none.
    static let slots: [UInt16] = [
{lines([str(n) for n in slots])}
    ]
}}
"""
    )


main()
