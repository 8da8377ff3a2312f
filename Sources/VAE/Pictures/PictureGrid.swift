/// The codes whose decoded images make the picture of what a run generates.
enum PictureGrid {
  /// Φ⁻¹((i − ½)/15), Φ⁻¹((i − ½)/5) and Φ⁻¹((i − ½)/3) for i = 1, 2, …: SciPy 1.17.1.
  static let fifteen = symmetric([
    0, 0.167_894_005, 0.340_694_827, 0.524_400_513, 0.727_913_291, 0.967_421_566, 1.281_551_566,
    1.833_914_636,
  ])
  static let five = symmetric([0, 0.524_400_513, 1.281_551_566])
  static let three = symmetric([0, 0.967_421_566])

  /// From −last to last.
  private static func symmetric(_ half: [Float]) -> [Float] {
    half.dropFirst().reversed().map { -$0 } + half
  }

  /// The codes for two, three and four latents, in the order that `PictureKind.samples` gives; nil
  /// where the picture is of draws from the prior.
  static func codes(latentDim: Int) -> [[Float]]? {
    switch latentDim {
    case 2:
      fifteen.reversed().flatMap { y in fifteen.map { x in [x, y] } }
    case 3:
      five.flatMap { z in five.flatMap { y in five.map { x in [x, y, z] } } }
    case 4:
      three.flatMap { w in
        three.flatMap { z in three.flatMap { y in three.map { x in [x, y, z, w] } } }
      }
    default: nil
    }
  }

  /// Draws shown where there is no grid: 100, or as many as fit beside their codes.
  static func draws(latentDim: Int) -> Int {
    min(100, 600_000 / (Architecture.inputSize + 4 * latentDim))
  }
}
