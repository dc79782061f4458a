"""Reads a camera picture: JPEG, PNG or WebP, within limits that stop decompression bombs."""

import io
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PIL import ExifTags, Image, UnidentifiedImageError

from apps.modalities.base import Circumstances, Form, Prepared, Unreadable

EXTENSIONS = ("jpg", "jpeg", "png", "webp")
FORMATS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}
MOST_PIXELS = 100_000_000
SHOWN_AS_THEY_ARE = {"RGB", "L", "RGBA", "P", "1", "LA"}
PREVIEW_WIDTH_PX = 400
PREVIEW_QUALITY = 84
DISPLAY_QUALITY = 92
DAMAGED = (OSError, SyntaxError, ValueError, EOFError, IndexError, struct.error, zlib.error)


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A decoded picture.

    Attributes:
        image: Pixels, as stored: an orientation noted in the file is not applied.
        extension: Ending of the true format, whatever the name says.
        turned: Whether the file notes an orientation that browsers would apply.
    """

    image: Image.Image
    extension: str
    turned: bool


def read_picture(content: bytes, name: str) -> Picture:
    """Decode a picture in full.

    Raises:
        Unreadable: If it is no JPEG, PNG or WebP, is cut off, or has more pixels than are taken.
    """
    with _damage_told():
        # Pillow shows a PNG whose last chunks are cut off; verifying walks to its end.
        Image.open(io.BytesIO(content), formats=list(FORMATS)).verify()
        image = Image.open(io.BytesIO(content), formats=list(FORMATS))
        extension = FORMATS[image.format or ""]
        _refuse_huge(image)
        turned = image.getexif().get(ExifTags.Base.Orientation, 1) != 1
        image.load()
    return Picture(image, extension, turned)


def prepare_picture(content: bytes, name: str, circumstances: Circumstances) -> Prepared:
    """Make a preview, and a display where browsers would not show the stored pixels as they are.

    Raises:
        Unreadable: If the picture cannot be decoded.
    """
    picture = read_picture(content, name)
    image = picture.image
    as_is = image.mode in SHOWN_AS_THEY_ARE and not picture.turned
    display = None if as_is else Form(_webp(_eight_bit(image), DISPLAY_QUALITY), "webp")
    small = _eight_bit(image)
    if small.width > PREVIEW_WIDTH_PX:
        height_px = max(1, round(small.height * PREVIEW_WIDTH_PX / small.width))
        # Reducing by a whole factor first costs a fraction of one good resampling.
        small = small.resize(
            (PREVIEW_WIDTH_PX, height_px), Image.Resampling.BILINEAR, reducing_gap=2.0
        )
    return Prepared(
        extension=picture.extension,
        display=display,
        preview=Form(_webp(small, PREVIEW_QUALITY), "webp"),
        width_px=image.width,
        height_px=image.height,
    )


def _refuse_huge(image: Image.Image) -> None:
    pixels = image.width * image.height
    if pixels > MOST_PIXELS:
        raise Unreadable(
            "size",
            f"{image.width} x {image.height} pixels are more than the {MOST_PIXELS:,} that are taken.",
            mend="Scale the picture and its calibration down, or leave it out.",
        )


def _eight_bit(image: Image.Image) -> Image.Image:
    """Bring any mode to 8-bit colours; 16-bit grey keeps its upper byte."""
    if image.mode.startswith("I;16"):
        return image.point(lambda level: level / 256, "L").convert("RGB")
    return image.convert("RGB")


def _webp(image: Image.Image, quality: int) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "WEBP", quality=quality, method=2)
    return buffer.getvalue()


@contextmanager
def _damage_told() -> Iterator[None]:
    try:
        yield
    except Unreadable:
        raise
    except Image.DecompressionBombError as error:
        raise Unreadable(
            "size",
            "It unpacks to more pixels than are taken.",
            mend="Scale the picture and its calibration down, or leave it out.",
        ) from error
    except DAMAGED as error:
        raise Unreadable(
            "content",
            f"It cannot be decoded as JPEG, PNG or WebP ({_reason(error)}).",
            mend="The file is cut off or damaged: copy it again.",
        ) from error


def _reason(error: Exception) -> str:
    if isinstance(error, UnidentifiedImageError):
        return "it starts like none of them"
    return str(error).splitlines()[0][:120] if str(error) else type(error).__name__
