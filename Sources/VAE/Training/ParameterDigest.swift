import Compute
import Crypto

extension Network {
  /// SHA-256, lower-case hex, of the parameters: float32 little-endian, unpadded, in the order of
  /// `ParameterLayout`.
  package var digest: String {
    var hash = SHA256()
    for layer in layout.layers {
      let weights = layer.weights(in: parameters)
      for i in 0..<weights.rows { hash.update(floats: weights.row(i), count: weights.columns) }
      hash.update(floats: layer.bias(in: parameters), count: layer.outputs)
    }
    return hash.finalize().hexadecimal
  }
}

/// SHA-256, lower-case hex, of a text's UTF-8.
func hexDigest(of text: String) -> String { SHA256.hash(data: Array(text.utf8)).hexadecimal }

extension SHA256 {
  fileprivate mutating func update(floats: UnsafePointer<Float>, count: Int) {
    update(bufferPointer: UnsafeRawBufferPointer(UnsafeBufferPointer(start: floats, count: count)))
  }
}

extension SHA256.Digest {
  fileprivate var hexadecimal: String {
    map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
  }
}
