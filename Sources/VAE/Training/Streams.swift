package import Compute
import Crypto

/// The random streams of one point, each a Philox key and a counter word.
///
/// Key: (seed, first four bytes of SHA-256("stream architecture")); the next four bytes of that
/// hash fill the counter's last word. So unlike architectures and unlike streams get independent
/// draws, and variants of one architecture (sampling, optimiser, …) share theirs.
package struct RandomStream: Sendable {
  private let philox: Philox
  private let tag: UInt32

  package init(name: String, seed: UInt32, architecture: String) {
    let words = Self.words(of: "\(name) \(architecture)")
    philox = Philox(key: (seed, words.0))
    tag = words.1
  }

  /// The four words at the address (x, y, z).
  package func block(_ x: UInt32, _ y: UInt32, _ z: UInt32) -> SIMD4<UInt32> {
    philox.block(SIMD4(x, y, z, tag))
  }

  /// The first two little-endian words of SHA-256(text).
  package static func words(of text: String) -> (UInt32, UInt32) {
    var words: [UInt32] = [0, 0]
    for (index, byte) in SHA256.hash(data: Array(text.utf8)).prefix(8).enumerated() {
      words[index / 4] |= UInt32(byte) << UInt32(8 * (index % 4))
    }
    return (words[0], words[1])
  }
}

/// The streams that training and evaluation draw from.
package struct Streams: Sendable {
  /// Initial parameters, addressed by (element / 4, 0, tensor name).
  package let initialization: RandomStream
  /// Shuffles, addressed by (position / 2, 0, epoch).
  package let order: RandomStream
  /// ε of training, addressed by (position in the epoch, latent / 4, epoch).
  package let noise: RandomStream
  /// Pixels of training images that are binarised dynamically, addressed by (image, pixel / 4, epoch).
  package let binarization: RandomStream
  /// The same of evaluation, addressed by (image, pixel / 4, 0); it knows no seed and no architecture.
  package let evaluationBinarization: RandomStream
  /// ε of evaluation, addressed by (image, latent / 4, draw); it knows no seed and no architecture.
  package let evaluation: RandomStream
  /// ε of the likelihood's bound, addressed by (draw, latent / 4, image); it knows no seed either.
  package let likelihood: RandomStream
  /// Draws from the prior that are decoded, addressed by (draw, latent / 4, 0): the same for all runs.
  package let prior: RandomStream

  /// The streams of one point; `architecture` as it is written, `784-256-2`.
  package init(seeds: Seeds, architecture: String) {
    initialization = RandomStream(
      name: "init", seed: seeds.initialization, architecture: architecture)
    order = RandomStream(name: "order", seed: seeds.order, architecture: architecture)
    noise = RandomStream(name: "noise", seed: seeds.noise, architecture: architecture)
    binarization = RandomStream(
      name: "binarization", seed: seeds.noise, architecture: architecture)
    evaluationBinarization = RandomStream(
      name: "evaluation binarization", seed: 0, architecture: "")
    evaluation = RandomStream(name: "evaluation", seed: 0, architecture: "")
    likelihood = RandomStream(name: "likelihood", seed: 0, architecture: "")
    prior = RandomStream(name: "prior", seed: 0, architecture: "")
  }
}

extension RandomStream {
  /// Standard normal deviates: row i of `target` belongs to address (first + i, latent / 4, z).
  package func fillNormal(_ target: Matrix, firstRow: Int, z: UInt32) {
    for i in 0..<target.rows {
      let x = UInt32(truncatingIfNeeded: firstRow + i)
      let row = target.row(i)
      var j = 0
      while j < target.paddedColumns {
        let y = UInt32(truncatingIfNeeded: j / 4)
        let (low, high) = RandomDeviates.normal(block(x, y, z), block(x, y + 1, z))
        row.store(Lanes(lowHalf: low, highHalf: high), at: j)
        j += 8
      }
    }
  }

  /// `order` ← a uniformly shuffled 0 ..< count for `epoch` (Fisher & Yates, from the end).
  ///
  /// Each bound is met by the high half of a 64-bit product, biased by less than 2⁻⁴⁷.
  package func shuffle(_ order: UnsafeMutableBufferPointer<Int32>, epoch: Int) {
    for i in order.indices { order[i] = Int32(truncatingIfNeeded: i) }
    guard order.count > 1 else { return }
    let z = UInt32(truncatingIfNeeded: epoch)
    var words = SIMD4<UInt32>()
    for i in stride(from: order.count - 1, through: 1, by: -1) {
      if i & 1 == 1 || i == order.count - 1 { words = block(UInt32(i / 2), 0, z) }
      let word =
        i & 1 == 1
        ? UInt64(words.x) << 32 | UInt64(words.y) : UInt64(words.z) << 32 | UInt64(words.w)
      let j = Int(word.multipliedFullWidth(by: UInt64(i + 1)).high)
      order.swapAt(i, j)
    }
  }
}
