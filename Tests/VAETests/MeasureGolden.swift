import Compute
import Testing
import VAE

/// What `Goldens/make_measures.py` wrote.
struct MeasureGolden: Decodable {
  struct Distance: Decodable {
    var dimension: Int
    var squaredNorm: Double
    var mean: Double
  }
  struct Energy: Decodable {
    var dimension: Int
    var count: Int
    var points: [Float]
    var raw: Double
    var whitened: Double
  }
  struct Neighbours: Decodable {
    var dimension: Int
    var real: [Float]
    var made: [Float]
    var density: Double
    var coverage: Double
  }
  struct Images: Decodable {
    var train: Int
    var test: Int
    var eigenvalues: [Double]
    var squaredNorms: [Double]
    var squaredDistances: [Double]
    var density: Double
    var coverage: Double
  }
  var distances: [Distance]
  var energies: [Energy]
  var neighbours: [Neighbours]
  var images: Images
}

extension PointCloud {
  /// Points row by row.
  convenience init(_ values: [Float], dimension: Int) {
    self.init(count: values.count / dimension, dimension: dimension)
    for (place, value) in values.enumerated() {
      coordinate(place % dimension)[place / dimension] = value
    }
  }
}

extension PointRows {
  /// Points row by row.
  convenience init(_ values: [Float], dimension: Int) {
    self.init(count: values.count / dimension, dimension: dimension)
    for (place, value) in values.enumerated() {
      points.row(place / dimension)[place % dimension] = value
    }
    _ = measureNorms()
  }
}

/// Images made of integers alone, the same as in the script.
enum BlobImages {
  static func bytes(stream: Int, count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count * 784)
    for i in 0..<count {
      var state = (stream * 1_000_003 + i * 7_919 + 12_345) % (1 << 32)
      let drawn = (0..<6).map { _ in
        state = (state * 1_664_525 + 1_013_904_223) % (1 << 32)
        return state >> 16
      }
      for k in 0..<784 {
        var pixel = 0
        for blob in 0..<2 {
          let (row, column) = (drawn[3 * blob] % 20 + 4, drawn[3 * blob + 1] % 20 + 4)
          let slope = drawn[3 * blob + 2] % 6 + 4
          let squared =
            (k / 28 - row) * (k / 28 - row) + (k % 28 - column) * (k % 28 - column)
          pixel = max(pixel, 255 - slope * squared)
        }
        bytes.append(UInt8(pixel))
      }
    }
    return bytes
  }
}
