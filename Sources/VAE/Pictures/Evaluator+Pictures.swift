import Compute
import Dataset

extension Evaluator {
  /// The codes of the images `indices` of `set`, at most one batch, until the next batch.
  func encoded(_ set: ImageSet, _ indices: [Int32]) -> LatentBatch {
    guard let pixels = set.pixels.baseAddress else { return workspace.latents.prefix(0) }
    indices.prefix(Self.batchSize).withUnsafeBufferPointer { images.load(pixels, indices: $0) }
    encode(network, images, workspace)
    return workspace.latents.prefix(images.count)
  }

  /// Appends μ and, with sampling, σ² row by row.
  func append(_ latents: LatentBatch, mu: inout [Float], sigma2: inout [Float]) {
    for i in 0..<latents.mu.rows {
      for first in stride(from: 0, to: latents.mu.columns, by: 8) {
        let mean = latents.mu.row(i).lanes(at: first)
        let sigma = VectorMath.exp(0.5 * latents.logVar.row(i).lanes(at: first))
        for lane in 0..<min(8, latents.mu.columns - first) {
          mu.append(mean[lane])
          if network.logVar != nil { sigma2.append(sigma[lane] * sigma[lane]) }
        }
      }
    }
  }

  /// The decoded images of at most one batch of codes, as bytes row by row.
  func decodedBytes(_ codes: Matrix) -> [UInt8] {
    decode(network, codes: codes, workspace)
    let images = decodedImages(rows: codes.rows)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(images.rows * images.columns)
    for i in 0..<images.rows {
      let row = images.row(i)
      for k in 0..<images.columns {
        // NaN, where a code lies beyond what the decoder can count.
        bytes.append(row[k] >= 0 ? UInt8((255 * row[k]).rounded()) : 0)
      }
    }
    return bytes
  }
}
