"""Reads pictures of QR codes with zxing-cpp, as a telephone would.

usage: read_qr.py png|modules <PICTURE

`png` takes a PNG file; `modules` takes lines of 0 (light) and 1 (dark), one character a module. What the code says goes
to standard output; the status is 1 when there is no code.
"""

import sys

import png
import zxingcpp


def rows_of_png(data: bytes) -> list[list[int]]:
    _, _, rows, info = png.Reader(bytes=data).read()
    if info["bitdepth"] != 1 or not info["greyscale"] or info["alpha"]:
        sys.exit(f"not black and white with one bit a pixel: {info}")
    return [[255 if pixel else 0 for pixel in row] for row in rows]


def rows_of_modules(data: bytes) -> list[list[int]]:
    scale = 4
    rows = []
    for line in data.decode().splitlines():
        row = [0 if module == "1" else 255 for module in line for _ in range(scale)]
        rows += [row] * scale
    return rows


def main() -> None:
    data = sys.stdin.buffer.read()
    rows = rows_of_png(data) if sys.argv[1] == "png" else rows_of_modules(data)
    pixels = memoryview(bytes(pixel for row in rows for pixel in row)).cast("B", (len(rows), len(rows[0])))
    codes = zxingcpp.read_barcodes(pixels, formats=zxingcpp.BarcodeFormat.QRCode)
    if len(codes) != 1:
        sys.exit(f"{len(codes)} codes were found")
    sys.stdout.write(codes[0].text)


main()
