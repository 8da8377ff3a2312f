package import VAE

/// Why bytes are not a checkpoint, or not one that serves.
package struct CheckpointError: Error, Hashable, Sendable, CustomStringConvertible {
  package let description: String

  package init(_ description: String) { self.description = description }
}

/// The state of a point's training, as it lies in a file and moves between hosts.
///
/// "VAECKPT" and a zero; the version, the trainer version (four bytes each); the key (64 hexadecimal
/// digits); the attempt's epoch and counter and the step (eight bytes each); the fingerprint behind its
/// length (two bytes); the state behind its length (eight); at the end the SHA-256 of all before it, 64
/// hexadecimal digits. Numbers are little-endian.
package struct Checkpoint: Hashable, Sendable {
  private static let magic: [UInt8] = Array("VAECKPT".utf8) + [0]
  private static let version: UInt32 = 1

  package let key: PointKey
  /// The attempt that made it.
  package let attempt: AttemptID
  /// It may be gone on from under the same numeric fingerprint only.
  package let fingerprint: String
  package let trainerVersion: Int
  package let state: TrainerState

  package init(
    key: PointKey, attempt: AttemptID, fingerprint: String, trainerVersion: Int,
    state: TrainerState
  ) {
    self.key = key
    self.attempt = attempt
    self.fingerprint = fingerprint
    self.trainerVersion = trainerVersion
    self.state = state
  }

  package var data: [UInt8] {
    var bytes = Self.magic
    bytes.append(littleEndian: Self.version)
    bytes.append(littleEndian: UInt32(clamping: trainerVersion))
    bytes += Array(key.description.utf8)
    bytes.append(littleEndian: attempt.epoch)
    bytes.append(littleEndian: attempt.counter)
    bytes.append(littleEndian: UInt64(state.step))
    let name = Array(fingerprint.utf8.prefix(Int(UInt16.max)))
    bytes.append(littleEndian: UInt16(name.count))
    bytes += name
    let state = state.data
    bytes.append(littleEndian: UInt64(state.count))
    bytes += state
    return bytes + Array(Digest(of: bytes).hex.utf8)
  }

  /// Reads what `data` wrote, and nothing else.
  ///
  /// Never traps, whatever the bytes.
  package init(decoding bytes: [UInt8]) throws(CheckpointError) {
    guard bytes.starts(with: Self.magic) else { throw CheckpointError("it is not a checkpoint") }
    var reader = BinaryReader(bytes)
    _ = reader.take(Self.magic.count)
    guard let version = reader.integer(UInt32.self) else { throw Self.truncated }
    guard version == Self.version else {
      throw CheckpointError("it is a checkpoint of version \(version), not \(Self.version)")
    }
    guard bytes.count > 64 else { throw Self.truncated }
    let sum = Digest(of: Array(bytes.dropLast(64)))
    guard sum.hex.utf8.elementsEqual(bytes.suffix(64)) else {
      throw CheckpointError("it is damaged: its SHA-256 is another")
    }
    guard let trainer = reader.integer(UInt32.self), let keyDigits = reader.take(64),
      let epoch = reader.integer(UInt64.self), let counter = reader.integer(UInt64.self),
      let step = reader.count(), let length = reader.integer(UInt16.self),
      let name = reader.take(Int(length)), let size = reader.count(),
      let stateBytes = reader.take(size), reader.left == 64
    else { throw Self.truncated }
    guard let key = PointKey(hex: String(decoding: keyDigits, as: UTF8.self)),
      let fingerprint = String(validating: name, as: UTF8.self),
      let state = TrainerState(data: Array(stateBytes)), state.step == step
    else { throw CheckpointError("its contents contradict themselves") }
    self.init(
      key: key, attempt: AttemptID(epoch: epoch, counter: counter), fingerprint: fingerprint,
      trainerVersion: Int(trainer), state: state)
  }

  /// Refuses what a run of `key` on this machine cannot go on from.
  package func require(
    key: PointKey, fingerprint: String, trainerVersion: Int
  ) throws(CheckpointError) {
    guard self.key == key else { throw CheckpointError("it is of another point") }
    guard self.trainerVersion == trainerVersion else {
      throw CheckpointError(
        "it is of trainer version \(self.trainerVersion), and this one is \(trainerVersion)")
    }
    guard self.fingerprint == fingerprint else {
      throw CheckpointError("it was made under another numeric fingerprint")
    }
  }

  private static let truncated = CheckpointError("it is cut short or does not fit its lengths")
}
