import CGIF

/// An image whose pixels are places in a palette.
package struct IndexedImage: Hashable, Sendable {
  package let width: Int
  package let height: Int
  package var pixels: [UInt8]
  /// How long it is shown, in hundredths of a second.
  package var delay: Int

  package init(width: Int, height: Int, pixels: [UInt8], delay: Int = 10) {
    self.width = width
    self.height = height
    self.pixels = pixels
    self.delay = delay
  }
}

/// Animated GIF through giflib.
package enum GIF {
  /// A file that shows `frames`, all of one size, over and over.
  package static func encode(_ frames: [IndexedImage], palette: [RGB]) throws(FigureError)
    -> [UInt8]
  {
    guard let first = frames.first, palette.count <= 256 else {
      throw FigureError("cannot write a GIF image: no frames, or too many colours")
    }
    // Reached from C through a pointer, so it must be one object.
    let sink = Sink()
    var code: Int32 = 0
    let file = EGifOpen(
      Unmanaged.passUnretained(sink).toOpaque(),
      { file, bytes, count in
        guard let context = file?.pointee.UserData, let bytes, count > 0 else { return 0 }
        Unmanaged<Sink>.fromOpaque(context).takeUnretainedValue()
          .bytes.append(contentsOf: UnsafeBufferPointer(start: bytes, count: Int(count)))
        return count
      }, &code)
    guard let file else { throw failure(code) }
    let isWritten = withExtendedLifetime(sink) {
      write(frames, first, palette, to: file) && EGifCloseFile(file, &code) == GIF_OK
    }
    guard isWritten else { throw failure(code) }
    return sink.bytes
  }

  private final class Sink {
    var bytes: [UInt8] = []
  }

  private static func write(
    _ frames: [IndexedImage], _ first: IndexedImage, _ palette: [RGB],
    to file: UnsafeMutablePointer<GifFileType>
  ) -> Bool {
    // A colour map has a power of two of entries.
    var colours = palette.map { GifColorType(Red: $0.red, Green: $0.green, Blue: $0.blue) }
    var bits: Int32 = 1
    while 1 << bits < colours.count { bits += 1 }
    colours += Array(
      repeating: GifColorType(Red: 0, Green: 0, Blue: 0), count: (1 << Int(bits)) - colours.count)
    guard let map = GifMakeMapObject(1 << bits, &colours) else { return false }
    defer { GifFreeMapObject(map) }
    EGifSetGifVersion(file, true)
    let (width, height) = (Int32(first.width), Int32(first.height))
    guard EGifPutScreenDesc(file, width, height, bits, 0, map) == GIF_OK, putLoop(file)
    else { return false }
    for frame in frames {
      guard frame.pixels.count == first.width * first.height, putDelay(frame.delay, file),
        EGifPutImageDesc(file, 0, 0, width, height, false, nil) == GIF_OK
      else { return false }
      var pixels = frame.pixels
      for row in 0..<frame.height {
        let isPut = pixels.withUnsafeMutableBufferPointer { buffer in
          EGifPutLine(file, buffer.baseAddress.map { $0 + row * frame.width }, width)
        }
        guard isPut == GIF_OK else { return false }
      }
    }
    return true
  }

  /// Netscape's extension: repeat without end.
  private static func putLoop(_ file: UnsafeMutablePointer<GifFileType>) -> Bool {
    let name = Array("NETSCAPE2.0".utf8)
    let loop: [UInt8] = [1, 0, 0]
    return EGifPutExtensionLeader(file, Int32(APPLICATION_EXT_FUNC_CODE)) == GIF_OK
      && EGifPutExtensionBlock(file, Int32(name.count), name) == GIF_OK
      && EGifPutExtensionBlock(file, Int32(loop.count), loop) == GIF_OK
      && EGifPutExtensionTrailer(file) == GIF_OK
  }

  private static func putDelay(_ delay: Int, _ file: UnsafeMutablePointer<GifFileType>) -> Bool {
    let block: [UInt8] = [
      UInt8(DISPOSE_DO_NOT << 2), UInt8(truncatingIfNeeded: delay),
      UInt8(truncatingIfNeeded: delay >> 8), 0,
    ]
    return EGifPutExtension(
      file, Int32(GRAPHICS_EXT_FUNC_CODE), Int32(block.count), block) == GIF_OK
  }

  private static func failure(_ code: Int32) -> FigureError {
    let reason = GifErrorString(code).map { String(cString: $0) } ?? "error \(code)"
    return FigureError("cannot write a GIF image: \(reason)")
  }
}
