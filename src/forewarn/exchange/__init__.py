"""The exchange room: what leaves, and in which form. Nothing leaves except as a :class:`Release`.

``disclosure`` withholds by sensitivity and coarsens places; ``files`` writes tables and GeoJSON, and takes
nothing but what disclosure released.
"""

from forewarn.exchange.disclosure import Release, release
from forewarn.exchange.files import FORMATS, format_of, write_release, write_releases

__all__ = ["FORMATS", "Release", "format_of", "release", "write_release", "write_releases"]
