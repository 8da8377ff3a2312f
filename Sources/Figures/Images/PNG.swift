import CPNG

/// Portable Network Graphics through libpng's simplified API.
package enum PNG {
  /// The file of a grey image; the same image gives the same bytes under one libpng and zlib.
  package static func encode(_ image: GreyImage) throws(FigureError) -> [UInt8] {
    var header = png_image()
    header.version = png_uint_32(PNG_IMAGE_VERSION)
    header.width = png_uint_32(image.width)
    header.height = png_uint_32(image.height)
    header.format = 0  // PNG_FORMAT_GRAY
    defer { png_image_free(&header) }
    var size: png_alloc_size_t = 0
    let isMeasured = image.pixels.withUnsafeBytes { pixels in
      png_image_write_to_memory(&header, nil, &size, 0, pixels.baseAddress, 0, nil)
    }
    guard isMeasured != 0 else { throw failure(header) }
    var bytes = [UInt8](repeating: 0, count: Int(size))
    let isWritten = image.pixels.withUnsafeBytes { pixels in
      bytes.withUnsafeMutableBytes { target in
        png_image_write_to_memory(
          &header, target.baseAddress, &size, 0, pixels.baseAddress, 0, nil)
      }
    }
    guard isWritten != 0 else { throw failure(header) }
    return Array(bytes.prefix(Int(size)))
  }

  private static func failure(_ header: png_image) -> FigureError {
    let message = withUnsafeBytes(of: header.message) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    return FigureError("cannot write a PNG image: \(message)")
  }
}
