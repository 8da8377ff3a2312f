import Figures
import Testing
import VAE

/// Sheets of images that are 14 rows high and 10 columns wide, each of one shade.
@Suite("Sheets of images that are not square")
struct ImageSheetTests {
  private static let (rows, columns) = (14, 10)

  private func images(_ shades: [UInt8]) -> PicturedImages {
    PicturedImages(
      count: shades.count, rows: Self.rows, columns: Self.columns,
      bytes: shades.flatMap { [UInt8](repeating: $0, count: Self.rows * Self.columns) })
  }

  private func sheet(_ codes: [[Float]]) throws -> SampleSheet {
    var arrays = NamedArrays()
    arrays.set("images", images(codes.indices.map { UInt8($0 + 1) }))
    arrays.set(
      "codes", shape: [codes.count, codes[0].count], .floats(codes.flatMap(\.self)))
    return try #require(SampleSheet(arrays, latentDim: codes[0].count))
  }

  private func shade(_ image: GreyImage, x: Int, y: Int) -> UInt8 {
    255 - image.pixels[y * image.width + x]
  }

  @Test("lie in the plane of two latents, the second upwards")
  func plane() throws {
    let codes: [[Float]] = [[0, 0], [1, 0], [2, 0], [0, 1], [1, 1], [2, 1]]
    let sheet = try sheet(codes)
    #expect((sheet.image.width, sheet.image.height) == (30, 28))
    for (number, code) in codes.enumerated() {
      let (left, top) = (10 * Int(code[0]), 14 * (1 - Int(code[1])))
      for (x, y) in [(left, top), (left + 9, top + 13)] {
        #expect(shade(sheet.image, x: x, y: y) == UInt8(number + 1))
      }
    }
    // As high as the plot of codes beside it, or as wide.
    let drawing = try SamplePlot(sheet: sheet, title: "t").drawing()
    #expect(drawing.inline().text.contains("width=\"440\" height=\"410.67\""))
  }

  @Test("lie in squares of squares of four latents")
  func squares() throws {
    let values: [Float] = [0, 1]
    let codes = values.flatMap { w in
      values.flatMap { z in values.flatMap { y in values.map { x in [x, y, z, w] } } }
    }
    let sheet = try sheet(codes)
    #expect((sheet.image.width, sheet.image.height) == (2 * 20 + 8, 2 * 28 + 8))
    for (number, code) in codes.enumerated() {
      let (x, y) = (10 * Int(code[0]) + 28 * Int(code[2]), 14 * Int(code[1]) + 36 * Int(code[3]))
      #expect(shade(sheet.image, x: x, y: sheet.image.height - 1 - y) == UInt8(number + 1))
    }
  }

  @Test("stand in rows of ten without a grid, and in slices of three latents")
  func rows() throws {
    let draws = try sheet((0..<12).map { [Float($0), 0.5, 1, 2, Float($0 % 5)] })
    #expect((draws.image.width, draws.image.height) == (100, 28))
    #expect(shade(draws.image, x: 10, y: 14) == 12)
    let slices = try sheet(
      [0, 1].flatMap { (z: Float) in [0, 1].flatMap { y in [0, 1].map { x in [x, y, z] } } })
    #expect((slices.image.width, slices.image.height) == (48, 28))
    #expect(shade(slices.image, x: 28, y: 14) == 5)
  }

  @Test("of reconstructions stand below their originals")
  func reconstructions() throws {
    var arrays = NamedArrays()
    arrays.set("labels", shape: [3], .bytes([1, 0, 0]))
    arrays.set("originals", images([10, 20, 30]))
    arrays.set("reconstructions", images([11, 21, 31]))
    let read = try #require(ReconstructionSheet.read(arrays))
    var sheet = ReconstructionSheet(originals: read.originals)
    sheet.append(ReconstructionSheet.Row(name: "a net", images: read.reconstructions))
    #expect((sheet.image.width, sheet.image.height) == (30, 14 + 4 + 14))
    let expected: [(x: Int, y: Int, shade: UInt8)] = [
      (0, 0, 20), (10, 0, 30), (29, 13, 10), (0, 18, 21), (29, 31, 11),
    ]
    for (x, y, own) in expected { #expect(shade(sheet.image, x: x, y: y) == own) }
    _ = try sheet.drawing(title: "t")
  }

  @Test("are refused where originals and reconstructions, or their form, do not agree")
  func refused() {
    var arrays = NamedArrays()
    arrays.set("labels", shape: [1], .bytes([1]))
    arrays.set("originals", images([10]))
    arrays.set(
      "reconstructions",
      PicturedImages(count: 1, rows: 10, columns: 14, bytes: [UInt8](repeating: 0, count: 140)))
    #expect(ReconstructionSheet.read(arrays) == nil)
    for shape in [[1, 65, 2], [1, 0, 2], [2, 65], [130]] {
      var arrays = NamedArrays()
      let count = shape.reduce(1, *)
      arrays.set("images", shape: shape, .bytes([UInt8](repeating: 0, count: count)))
      #expect(SampleSheet(arrays, latentDim: 2) == nil)
    }
  }
}
