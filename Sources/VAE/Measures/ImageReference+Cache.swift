package import Compute
import Crypto
package import Dataset

extension ImageReference {
  /// What the cache file's name ends with.
  package static var suffix: String { ".\(fingerprint.prefix(16))-\(version).reference" }

  /// Raised whenever its arithmetic changes.
  private static let version = 2
  private static let fingerprint = NumericFingerprint.compute()

  /// The reference of a dataset: the one kept beside its cache file, or a new one, which is kept there
  /// where the folder can be written to; nil where there are too few images, or when stopped.
  ///
  /// It is kept per fingerprint, since its last bits go with it, and with the SHA-256 of itself and the
  /// dataset's digest: what is damaged, or of another dataset, is made anew.
  package static func of(
    _ dataset: Dataset, _ products: DenseProducts, goOn: () -> Bool
  ) -> ImageReference? {
    guard count(of: dataset) > 0 else { return nil }
    if let bytes = dataset.companion(suffix), let kept = ImageReference(kept: bytes, dataset) {
      return kept
    }
    guard let made = make(dataset, products, goOn: goOn) else { return nil }
    do throws(DatasetError) {
      // What follows from images that were changed meanwhile must not outlive this run.
      try dataset.requireUnchanged()
      dataset.keepCompanion(suffix, made.bytes(for: dataset))
    } catch {
      // The run ends with this error where it ends.
    }
    return made
  }

  /// SHA-256 of the dataset's digest and the arrays, then the arrays.
  private func bytes(for dataset: Dataset) -> [UInt8] {
    var arrays = NamedArrays()
    let count = squaredRadii.count
    arrays.set("mean", shape: [mean.count], .floats(mean))
    arrays.set(
      "basis", shape: [mean.count, components], .floats(rows(of: basis, count: mean.count)))
    arrays.set("real", shape: [count, components], .floats(rows(of: real.points, count: count)))
    arrays.set("squared_radii", shape: [count], .floats(squaredRadii))
    let data = arrays.data
    return Self.seal(of: data, dataset) + data
  }

  private static func seal(of data: [UInt8], _ dataset: Dataset) -> [UInt8] {
    Array(SHA256.hash(data: Array(dataset.digest.utf8) + data))
  }

  private func rows(of matrix: Matrix, count: Int) -> [Float] {
    (0..<count).flatMap { i in (0..<components).map { matrix.row(i)[$0] } }
  }

  /// Nil where the bytes are not what `bytes(for:)` gave for this dataset.
  private convenience init?(kept bytes: [UInt8], _ dataset: Dataset) {
    let data = Array(bytes.dropFirst(SHA256.byteCount))
    guard bytes.count > SHA256.byteCount,
      Self.seal(of: data, dataset) == Array(bytes.prefix(SHA256.byteCount)),
      let arrays = NamedArrays(data: data), let mean = arrays.floats("mean", rank: 1),
      let basis = arrays.floats("basis", rank: 2), let real = arrays.floats("real", rank: 2),
      let radii = arrays.floats("squared_radii", rank: 1),
      mean.shape == [dataset.shape.pixels], radii.shape == [Self.count(of: dataset)],
      basis.shape[0] == mean.shape[0], real.shape == [radii.shape[0], basis.shape[1]]
    else { return nil }
    self.init(
      mean: mean.values, basis: basis.values, real: real.values, squaredRadii: radii.values)
  }
}
