import CGIF
import CPNG
import Figures
import Testing
import VAE

@Suite("Image files")
struct ImageFileTests {
  @Test("PNG comes back from libpng as it was")
  func png() throws {
    var image = GreyImage(width: 60, height: 31)
    let images = PicturedImages(
      count: 2, rows: 28, columns: 28,
      bytes: (0..<784).map { UInt8($0 % 251) } + [UInt8](repeating: 200, count: 784))
    image.paste(images, 0, x: 1, y: 2)
    image.paste(images, 1, x: 30, y: 3)
    let bytes = try PNG.encode(image)
    var header = png_image()
    header.version = png_uint_32(PNG_IMAGE_VERSION)
    #expect(png_image_begin_read_from_memory(&header, bytes, bytes.count) != 0)
    header.format = 0
    #expect((Int(header.width), Int(header.height)) == (60, 31))
    var pixels = [UInt8](repeating: 0, count: 60 * 31)
    #expect(png_image_finish_read(&header, nil, &pixels, 0, nil) != 0)
    #expect(pixels == image.pixels)
    // Ink on paper: the dataset's 0 is white here.
    #expect(pixels[2 * 60 + 1] == 255)
    #expect(pixels[0] == 255)
  }

  @Test("what does not fit into an image is left out")
  func outside() {
    var image = GreyImage(width: 28, height: 28)
    let square = PicturedImages(
      count: 1, rows: 28, columns: 28, bytes: [UInt8](repeating: 9, count: 784))
    image.paste(square, 0, x: 1, y: 0)
    image.paste(square, 1, x: 0, y: 0)
    let tall = PicturedImages(
      count: 1, rows: 29, columns: 3, bytes: [UInt8](repeating: 9, count: 87))
    image.paste(tall, 0, x: 0, y: 0)
    #expect(image.pixels.allSatisfy { $0 == 255 })
  }

  @Test("GIF comes back from giflib frame by frame, with its delays, and repeats without end")
  func gif() throws {
    let palette = [RGB(255, 255, 255), RGB(10, 20, 30), RGB(200, 0, 0)]
    let frames = (0..<3).map { number in
      IndexedImage(
        width: 40, height: 30, pixels: (0..<1200).map { UInt8(($0 * (number + 1) / 7) % 3) },
        delay: 20 + number)
    }
    let bytes = try GIF.encode(frames, palette: palette)
    let reader = Reader(bytes)
    var code: Int32 = 0
    let file = try #require(
      DGifOpen(
        Unmanaged.passUnretained(reader).toOpaque(),
        { file, target, count in
          guard let context = file?.pointee.UserData, let target else { return 0 }
          let reader = Unmanaged<Reader>.fromOpaque(context).takeUnretainedValue()
          return Int32(reader.read(target, Int(count)))
        }, &code))
    #expect(DGifSlurp(file) == GIF_OK)
    #expect(file.pointee.ImageCount == 3)
    for (number, frame) in frames.enumerated() {
      let image = file.pointee.SavedImages[number]
      let count = Int(image.ImageDesc.Width) * Int(image.ImageDesc.Height)
      #expect(Array(UnsafeBufferPointer(start: image.RasterBits, count: count)) == frame.pixels)
      var control = GraphicsControlBlock()
      #expect(DGifSavedExtensionToGCB(file, Int32(number), &control) == GIF_OK)
      #expect(Int(control.DelayTime) == frame.delay)
    }
    let map = try #require(file.pointee.SColorMap)
    #expect(map.pointee.Colors[2].Red == 200)
    #expect(bytes.count > 19 && String(decoding: bytes, as: UTF8.self).contains("NETSCAPE2.0"))
    DGifCloseFile(file, &code)
  }

  private final class Reader {
    private var bytes: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { self.bytes = bytes[...] }

    func read(_ target: UnsafeMutablePointer<UInt8>, _ count: Int) -> Int {
      let part = bytes.prefix(count)
      for (place, byte) in part.enumerated() { target[place] = byte }
      bytes = bytes.dropFirst(count)
      return part.count
    }
  }
}
