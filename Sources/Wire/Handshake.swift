package import Sweep

/// One life of a worker process: random, and new at each start.
package struct SessionID: Hashable, Sendable, CustomStringConvertible {
  package let value: UInt64

  package init(_ value: UInt64) { self.value = value }

  /// No worker's: of operators, of trainers' pipes, and of attempts that nobody holds.
  package static let nobody = SessionID(0)

  /// 16 hexadecimal digits.
  package var description: String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

/// The first words of a worker.
package struct Hello: Hashable, Sendable {
  /// Of the binary.
  package var version: String
  package var trainerVersion: Int
  package var host: String
  /// The process id on that host.
  package var process: Int
  package var cpu: String
  package var slots: Int
  package var cores: Int
  /// BLAS cores this CPU can run, as OPENBLAS_CORETYPE names.
  package var blasCores: [String]
  /// Sessions of dead workers whose outbox this one has taken over: what they held is lost.
  package var predecessors: [SessionID] = []
  /// What it runs in of a batch scheduler; nil where in none.
  package var allocation: Allocation?

  package init(
    version: String, trainerVersion: Int, host: String, process: Int,
    cpu: String, slots: Int, cores: Int, blasCores: [String]
  ) {
    self.version = version
    self.trainerVersion = trainerVersion
    self.host = host
    self.process = process
    self.cpu = cpu
    self.slots = slots
    self.cores = cores
    self.blasCores = blasCores
  }
}

/// What a worker must meet to be given work; answers a `Hello`.
package struct Terms: Hashable, Sendable {
  /// The store behind the coordinator: attempt numbers mean something within one store only.
  package var store: UInt64
  package var coordinatorEpoch: UInt64
  /// Drawn when this coordinator started; every attempt that it grants bears it.
  package var coordinatorStart: UInt64
  package var sweep: String
  package var blasCore: String
  package var datasetDigest: Digest
  package var datasetName: String
  /// Size of the dataset as one blob.
  package var datasetBytes: Int
  /// How often a worker speaks; to the millisecond.
  package var heartbeat: Duration
  /// How long a silent worker keeps its attempts; to the millisecond.
  package var lease: Duration
  /// A trainer without progress for this long is hung; to the millisecond.
  package var hang = Duration.seconds(300)
  /// How often a trainer writes a checkpoint; to the millisecond, zero: never.
  package var checkpointEvery = Duration.seconds(60)

  package init(
    store: UInt64, coordinatorEpoch: UInt64, coordinatorStart: UInt64, sweep: String,
    blasCore: String, datasetDigest: Digest,
    datasetName: String, datasetBytes: Int, heartbeat: Duration, lease: Duration
  ) {
    self.store = store
    self.coordinatorEpoch = coordinatorEpoch
    self.coordinatorStart = coordinatorStart
    self.sweep = sweep
    self.blasCore = blasCore
    self.datasetDigest = datasetDigest
    self.datasetName = datasetName
    self.datasetBytes = datasetBytes
    self.heartbeat = heartbeat
    self.lease = lease
  }
}

/// The worker has the dataset and has computed its fingerprint under the terms' BLAS core.
package struct Ready: Hashable, Sendable {
  package var fingerprint: String

  package init(fingerprint: String) {
    self.fingerprint = fingerprint
  }
}

/// The coordinator will not work with this peer, and says why in one line.
package struct Refusal: Hashable, Sendable {
  package var reason: String

  package init(reason: String) { self.reason = reason }
}
