import Compute
import Testing

@Test("Bytes that are not zero are counted, whatever they are and wherever an image ends")
func nonzeroBytes() {
  let values: [UInt8] = [0, 1, 0, 127, 128, 0, 129, 254, 255, 0, 0, 2]
  for width in 1...40 {
    let images = (0..<5).map { image in
      (0..<width).map { values[($0 * $0 + 7 * image + width) % values.count] }
    }
    let pixels = images.flatMap(\.self)
    pixels.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      let density = PixelDensity(pixels: base, count: images.count, width: width)
      let nonzero = images.map { image in image.filter { $0 != 0 }.count }
      #expect(density.maxPerImage == nonzero.max())
      #expect(density.share == Double(nonzero.reduce(0, +)) / Double(pixels.count))
    }
  }
}
