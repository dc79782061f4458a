"""Camera: pictures, with 2D boxes."""

from apps.modalities.base import Modality
from apps.modalities.camera.reader import EXTENSIONS, prepare_picture, read_picture
from numerics.geometry.camera import Bounds

CAMERA = Modality(
    key="camera",
    label="Camera",
    viewer="image",
    extensions=EXTENSIONS,
    shapes={"box": Bounds},
    read=read_picture,
    prepare=prepare_picture,
)
