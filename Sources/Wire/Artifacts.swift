internal import Foundation
package import Sweep
package import VAE

/// An artifact that a worker holds, by its SHA-256.
package struct HeldArtifact: Hashable, Sendable {
  /// Entries that a heartbeat may have; a worker names its oldest.
  package static let maxNamed = 1000

  package var attempt: AttemptID
  package var key: PointKey
  package var kind: ArtifactKind
  package var digest: Digest
  /// In bytes.
  package var size: Int

  package init(
    attempt: AttemptID, key: PointKey, kind: ArtifactKind, digest: Digest, size: Int
  ) {
    self.attempt = attempt
    self.key = key
    self.kind = kind
    self.digest = digest
    self.size = size
  }
}

/// The artifact is committed or not wanted; the worker forgets it.
package struct ArtifactSettled: Hashable, Sendable {
  package var attempt: AttemptID
  package var kind: ArtifactKind

  package init(attempt: AttemptID, kind: ArtifactKind) {
    self.attempt = attempt
    self.kind = kind
  }
}

/// A piece of an artifact on its way from trainer to worker.
///
/// All pieces come in order and before the outcome.
package struct TrainerArtifact: Hashable, Sendable {
  package var kind: ArtifactKind
  package var offset: Int
  /// Of the whole artifact.
  package var size: Int
  package var data: [UInt8]

  package init(kind: ArtifactKind, offset: Int, size: Int, data: [UInt8]) {
    self.kind = kind
    self.offset = offset
    self.size = size
    self.data = data
  }

  /// The pieces of an artifact, each at most as large as a blob's.
  package static func pieces(of artifact: Artifact) -> [TrainerArtifact] {
    let size = artifact.data.count
    return stride(from: 0, to: size, by: BlobChunk.largest).map { offset in
      let end = min(offset + BlobChunk.largest, size)
      return TrainerArtifact(
        kind: artifact.kind, offset: offset, size: size, data: Array(artifact.data[offset..<end]))
    }
  }
}

extension FieldRules {
  static func artifact(_ name: String) throws(WireError) -> ArtifactKind {
    guard let kind = ArtifactKind(rawValue: name) else {
      throw .invalid(
        field: "artifact", reason: "is not a kind of artifact: '\(clean(name, longest: 64))'")
    }
    return kind
  }

  static func artifacts(_ names: [String]) throws(WireError) -> Set<ArtifactKind> {
    try few(names.count, "list of artifacts", atMost: ArtifactKind.mostOfPoint)
    var kinds: Set<ArtifactKind> = []
    for name in names {
      guard kinds.insert(try artifact(name)).inserted else {
        throw .invalid(field: "list of artifacts", reason: "names \(name) twice")
      }
    }
    return kinds
  }

  /// An artifact's size: no point may have more.
  fileprivate static func artifactSize(_ size: UInt64) throws(WireError) -> Int {
    try count(size, "artifact size", in: 1...Artifact.largestTotal)
  }
}

extension HeldArtifact {
  static func list(_ messages: [Vaesweep_HeldArtifact]) throws(WireError) -> [HeldArtifact] {
    try FieldRules.few(messages.count, "list of artifacts", atMost: maxNamed)
    var artifacts: [HeldArtifact] = []
    for message in messages { artifacts.append(try HeldArtifact(message)) }
    return artifacts
  }

  private init(_ message: Vaesweep_HeldArtifact) throws(WireError) {
    self.init(
      attempt: try AttemptID(message.attempt),
      key: PointKey(try FieldRules.digest(message.key, "key")),
      kind: try FieldRules.artifact(message.kind),
      digest: try FieldRules.digest(message.digest, "artifact digest"),
      size: try FieldRules.artifactSize(message.size))
  }

  func protobuf() throws(WireError) -> Vaesweep_HeldArtifact {
    var message = Vaesweep_HeldArtifact()
    message.attempt = attempt.protobuf()
    message.key = key.description
    message.kind = kind.rawValue
    message.digest = digest.hex
    message.size = try FieldRules.large(size, "artifact size")
    return message
  }
}

extension ArtifactSettled {
  init(_ message: Vaesweep_ArtifactSettled) throws(WireError) {
    self.init(
      attempt: try AttemptID(message.attempt),
      kind: try FieldRules.artifact(message.kind))
  }

  func protobuf() -> Vaesweep_ArtifactSettled {
    var message = Vaesweep_ArtifactSettled()
    message.attempt = attempt.protobuf()
    message.kind = kind.rawValue
    return message
  }
}

extension TrainerArtifact {
  init(_ message: Vaesweep_TrainerArtifact) throws(WireError) {
    let size = try FieldRules.artifactSize(message.size)
    let offset = try FieldRules.count(message.offset, "offset", in: 0...size)
    guard (1...min(BlobChunk.largest, max(1, size - offset))).contains(message.data.count),
      offset < size
    else {
      throw .invalid(
        field: "artifact", reason: "piece has \(message.data.count) bytes, which it may not")
    }
    self.init(
      kind: try FieldRules.artifact(message.kind), offset: offset, size: size,
      data: Array(message.data))
  }

  func protobuf() throws(WireError) -> Vaesweep_TrainerArtifact {
    var message = Vaesweep_TrainerArtifact()
    message.kind = kind.rawValue
    message.offset = try FieldRules.large(offset, "offset")
    message.size = try FieldRules.large(size, "artifact size")
    message.data = Data(data)
    return message
  }
}
