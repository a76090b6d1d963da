"""Writes the board of two blobs (tests/TestModels/BlobBoard.cs) in every file format that the server reads.

Run with a Python that has Pillow: python3 tests/Server.Tests/make_files.py
"""
from pathlib import Path

from PIL import Image

FOLDER = Path(__file__).parent / "Files"

board = Image.new("L", (64, 64), 0)
board.paste(204, (8, 16, 16, 24))
board.paste(255, (40, 32, 48, 40))
colour = board.convert("RGB")

board.save(FOLDER / "board.png")
board.save(FOLDER / "board.bmp")
board.save(FOLDER / "board.jpg", quality=100)
board.save(FOLDER / "board.tif", compression="tiff_lzw")
colour.save(FOLDER / "board.webp", lossless=True)
colour.save(FOLDER / "board-colour.png")
board.convert("I").point(lambda value: value * 257).convert("I;16").save(FOLDER / "board-16bit.png")
