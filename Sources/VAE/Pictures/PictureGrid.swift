/// The codes whose decoded images make the picture of what a run generates.
enum PictureGrid {
  /// Φ⁻¹((i − ½)/15) for i = 1, 2, …, and so on: SciPy 1.17.1.
  static let fifteen = symmetric([
    0, 0.167_894_005, 0.340_694_827, 0.524_400_513, 0.727_913_291, 0.967_421_566, 1.281_551_566,
    1.833_914_636,
  ])
  static let thirteen = symmetric([
    0, 0.194_028_142, 0.395_725_296, 0.615_141_105, 0.869_423_773, 1.198_379_702, 1.768_825_039,
  ])
  static let eleven = symmetric([
    0, 0.229_884_118, 0.472_789_121, 0.747_858_595, 1.096_803_562, 1.690_621_630,
  ])
  static let five = symmetric([0, 0.524_400_513, 1.281_551_566])
  static let three = symmetric([0, 0.967_421_566])

  /// From −last to last.
  private static func symmetric(_ half: [Float]) -> [Float] {
    half.dropFirst().reversed().map { -$0 } + half
  }

  /// The codes for two, three and four latents, in the order that `PictureKind.samples` gives; nil
  /// where the picture is of draws from the prior.
  ///
  /// - Parameter pixels: Of one image.
  static func codes(latentDim: Int, pixels: Int) -> [[Float]]? {
    switch latentDim {
    case 2:
      let side = side(pixels: pixels)
      return side.reversed().flatMap { y in side.map { x in [x, y] } }
    case 3:
      return five.flatMap { z in five.flatMap { y in five.map { x in [x, y, z] } } }
    case 4:
      return three.flatMap { w in
        three.flatMap { z in three.flatMap { y in three.map { x in [x, y, z, w] } } }
      }
    default: return nil
    }
  }

  /// The values of either of two latents: 15 of them, or as many as leave room in the point's
  /// artifacts for what else is kept of it, up to 64 × 64.
  private static func side(pixels: Int) -> [Float] {
    [fifteen, thirteen].first { $0.count * $0.count * (pixels + 8) <= 550_000 } ?? eleven
  }

  /// Draws shown where there is no grid: 100, or as many as fit beside their codes.
  static func draws(latentDim: Int, pixels: Int) -> Int {
    min(100, 600_000 / (pixels + 4 * latentDim))
  }
}
