"""Makes the image files of these tests from gradients, with Pillow.

Every FILE has beside it FILE.pixels: what Pillow decodes from it, [height, width, channels], row-major,
16-bit samples little-endian. Both are committed; run this only to add a file.
"""

import pathlib

import numpy as np
from PIL import Image

FOLDER = pathlib.Path(__file__).parent / "Files"
WIDTH, HEIGHT = 24, 17

y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
GREY = (x * 255 // (WIDTH - 1)).astype(np.uint8)
RGB = np.stack([GREY, y * 255 // (HEIGHT - 1), (x + y) * 255 // (WIDTH + HEIGHT - 2)], axis=2).astype(np.uint8)
GREY16 = (x * 2731 + y * 17).astype(np.uint16)
ALPHA = np.full_like(GREY, 100)


def save(name, image, decoded=None, **options):
    path = FOLDER / name
    image.save(path, **options)
    pixels = np.asarray(Image.open(path)) if decoded is None else decoded
    (FOLDER / (name + ".pixels")).write_bytes(np.ascontiguousarray(pixels).tobytes())
    print(name, path.stat().st_size, pixels.shape, pixels.dtype)


def main():
    FOLDER.mkdir(exist_ok=True)
    grey, rgb = Image.fromarray(GREY), Image.fromarray(RGB)
    save("grey.jpg", grey, quality=90)
    save("colour.jpg", rgb, quality=90, subsampling=0)
    save("progressive.jpg", rgb, quality=90, subsampling=0, progressive=True)
    save("palette.png", rgb.quantize(16), decoded=np.asarray(rgb.quantize(16).convert("RGB")))
    save("grey-alpha.png", Image.merge("LA", [grey, Image.fromarray(ALPHA)]), decoded=GREY)
    save("colour-alpha.png", Image.merge("RGBA", [*rgb.split(), Image.fromarray(ALPHA)]), decoded=RGB)
    save("grey16.png", Image.fromarray(GREY16), decoded=GREY16)
    save("grey.tif", grey)
    save("bilevel.tif", grey.convert("1"), decoded=np.asarray(grey.convert("1").convert("L")))
    save("colour-lzw.tif", rgb, compression="tiff_lzw")
    save("colour-deflate.tif", rgb, compression="tiff_adobe_deflate")
    save("grey16.tif", Image.fromarray(GREY16), decoded=GREY16)
    save("grey16-big-endian.tif", Image.fromarray(GREY16.astype(">u2")), decoded=GREY16)
    save("lossless.webp", rgb, lossless=True)
    save("lossy.webp", rgb, quality=90)

    # CMYK has no one right conversion to RGB: only its size is tested.
    save("cmyk.jpg", rgb.convert("CMYK"), quality=90)
    (FOLDER / "cmyk.jpg.pixels").unlink()
    save("float.tif", Image.fromarray(GREY.astype(np.float32)))
    (FOLDER / "float.tif.pixels").unlink()


if __name__ == "__main__":
    main()
