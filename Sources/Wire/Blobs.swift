internal import Foundation
package import Sweep

/// Asks for a piece of a blob: a dataset, an artifact, a checkpoint, named by its SHA-256.
package struct BlobRequest: Hashable, Sendable {
  package var digest: Digest
  package var offset: Int
  /// At most `BlobChunk.largest`; fewer bytes may come, where the blob ends.
  package var length: Int

  package init(digest: Digest, offset: Int, length: Int) {
    self.digest = digest
    self.offset = offset
    self.length = length
  }
}

/// A piece of a blob.
package struct BlobChunk: Hashable, Sendable {
  /// Bytes in a piece: small enough that control messages never wait long behind one.
  package static let largest = 256 << 10

  package var digest: Digest
  package var offset: Int
  /// Of the whole blob.
  package var size: Int
  package var data: [UInt8]

  package init(digest: Digest, offset: Int, size: Int, data: [UInt8]) {
    self.digest = digest
    self.offset = offset
    self.size = size
    self.data = data
  }
}

extension BlobChunk {
  /// The piece that was asked for, of a blob in memory; nil where it lies beyond the blob's end.
  package init?(of data: [UInt8], for request: BlobRequest) {
    guard request.offset < data.count else { return nil }
    let end = request.offset + min(request.length, Self.largest, data.count - request.offset)
    self.init(
      digest: request.digest, offset: request.offset, size: data.count,
      data: Array(data[request.offset..<end]))
  }
}

extension BlobRequest {
  init(_ message: Vaesweep_BlobRequest) throws(WireError) {
    self.init(
      digest: try FieldRules.digest(message.digest, "blob digest"),
      offset: try FieldRules.count(message.offset, "offset"),
      length: try FieldRules.count(message.length, "length", in: 1...BlobChunk.largest))
  }

  func protobuf() throws(WireError) -> Vaesweep_BlobRequest {
    var message = Vaesweep_BlobRequest()
    message.digest = digest.hex
    message.offset = try FieldRules.large(offset, "offset")
    message.length = try FieldRules.small(length, "length")
    return message
  }
}

extension BlobChunk {
  init(_ message: Vaesweep_BlobChunk) throws(WireError) {
    let size = try FieldRules.count(message.size, "blob size")
    let offset = try FieldRules.count(message.offset, "offset", in: 0...size)
    guard message.data.count <= min(Self.largest, size - offset) else {
      throw .invalid(
        field: "blob", reason: "chunk has \(message.data.count) bytes, more than it may")
    }
    self.init(
      digest: try FieldRules.digest(message.digest, "blob digest"), offset: offset, size: size,
      data: Array(message.data))
  }

  func protobuf() throws(WireError) -> Vaesweep_BlobChunk {
    var message = Vaesweep_BlobChunk()
    message.digest = digest.hex
    message.offset = try FieldRules.large(offset, "offset")
    message.size = try FieldRules.large(size, "blob size")
    message.data = Data(data)
    return message
  }
}
