import Sweep
package import VAE

/// The safetensors format (huggingface/safetensors, README, "Format"): eight bytes that hold the
/// header's length N (little-endian), N bytes of JSON, then the tensors' bytes one after another.
///
/// The JSON names of each tensor its type, its shape and where its bytes begin and end, counted from
/// the end of the header; `__metadata__` holds texts. Readers map the file, so the header is padded
/// with spaces to a multiple of eight.
package enum SafetensorsFile {
  /// The whole file: float32, little-endian.
  ///
  /// - Parameter metadata: Texts; the format allows nothing else there.
  package static func bytes(_ tensors: [NamedTensor], metadata: [(name: String, text: String)])
    -> [UInt8]
  {
    let texts = metadata.map { JSONValue.Member($0.name, .string($0.text)) }
    var members = [JSONValue.Member("__metadata__", .object(texts))]
    var end = 0
    for tensor in tensors {
      let start = end
      end += 4 * tensor.values.count
      members.append(
        JSONValue.Member(
          tensor.name,
          [
            "dtype": .string("F32"), "shape": .array(tensor.shape.map(JSONValue.int)),
            "data_offsets": [.int(start), .int(end)],
          ]))
    }
    var header = Array(JSONValue.object(members).compact.utf8)
    header += Array(repeating: UInt8(ascii: " "), count: (8 - header.count % 8) % 8)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 + header.count + end)
    withUnsafeBytes(of: UInt64(header.count).littleEndian) { bytes += $0 }
    bytes += header
    for tensor in tensors {
      for value in tensor.values {
        withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes += $0 }
      }
    }
    return bytes
  }
}
