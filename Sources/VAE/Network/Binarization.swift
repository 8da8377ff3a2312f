/// What an image's bytes are to the network: as they are, or 0 and 255.
package enum Binarization: String, CaseIterable, Hashable, Sendable {
  /// Grey: pixel / 255.
  case none
  /// 1 from 128 on, else 0.
  case threshold
  /// 1 with probability pixel / 255, drawn anew in every epoch (Salakhutdinov & Murray 2008, and the
  /// IWAE paper); test images are drawn once, the same for all runs.
  case dynamic
}

/// A binarization with what it draws from.
package enum PixelRule {
  case grey
  case threshold
  /// Addressed by (image, pixel / 4, `z`).
  case drawn(RandomStream, z: UInt32)

  package init(_ binarization: Binarization, _ stream: RandomStream, z: UInt32) {
    self =
      switch binarization {
      case .none: .grey
      case .threshold: .threshold
      case .dynamic: .drawn(stream, z: z)
      }
  }

  /// Copies one image of `count` bytes, the `index`-th of its set.
  package func copy(
    _ image: UnsafePointer<UInt8>, index: Int, to target: UnsafeMutablePointer<UInt8>, count: Int
  ) {
    switch self {
    case .grey: target.update(from: image, count: count)
    case .threshold: for k in 0..<count { target[k] = image[k] < 128 ? 0 : 255 }
    case .drawn(let stream, let z):
      let x = UInt32(truncatingIfNeeded: index)
      for first in stride(from: 0, to: count, by: 4) {
        let pixels = first..<min(first + 4, count)
        // Most pixels are black, and need no draw.
        guard pixels.contains(where: { image[$0] != 0 }) else {
          for k in pixels { target[k] = 0 }
          continue
        }
        let words = stream.block(x, UInt32(truncatingIfNeeded: first / 4), z)
        // word / 2³² < pixel / 255: never for 0, always for 255.
        for k in pixels {
          target[k] = UInt64(words[k - first]) * 255 < UInt64(image[k]) << 32 ? 255 : 0
        }
      }
    }
  }
}
