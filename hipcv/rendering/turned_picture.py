"""A picture as the person may say that it is right: turned, and mirrored. The app's server shows it and loads no decoder for that."""

import io

from PIL import Image, ImageOps

from hipcv.settings import Turn


def as_it_may_be(jpeg: bytes, turn: Turn) -> tuple[Image.Image, Image.Image]:
    """The picture turned, and the mirror image of that."""
    turned = Image.open(io.BytesIO(jpeg)).rotate(-turn.value, expand=True)
    return turned, ImageOps.mirror(turned)
