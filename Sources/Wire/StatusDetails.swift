package import Sweep
internal import VAE

/// A point that is failed, and why.
package struct FailedPoint: Hashable, Sendable {
  package var point: Point
  package var reason: String

  package init(point: Point, reason: String) {
    self.point = point
    self.reason = reason
  }
}

/// Workers and slots by what they do; each is counted once.
package struct Fleet: Hashable, Sendable {
  /// Workers, or slots of theirs.
  package struct Count: Hashable, Sendable {
    /// At work on a point.
    package var training = 0
    package var idle = 0
    /// Of hosts that are given nothing, whatever they still train.
    package var drained = 0

    package init(training: Int = 0, idle: Int = 0, drained: Int = 0) {
      self.training = training
      self.idle = idle
      self.drained = drained
    }

    package var total: Int { training + idle + drained }
  }

  package var workers = Count()
  package var slots = Count()

  package init() {}

  /// Counts a worker in.
  package mutating func add(slots count: Int, running: Int, isDrained: Bool) {
    if isDrained {
      workers.drained += 1
      slots.drained += count
      return
    }
    let busy = min(count, running)
    slots.training += busy
    slots.idle += count - busy
    if busy > 0 { workers.training += 1 } else { workers.idle += 1 }
  }
}

/// One configuration over the seeds that have their outcome.
package struct SummaryRow: Hashable, Sendable {
  /// In words: its architecture, and whatever is not at its default.
  package var configuration: String
  package var planned: Int
  package var ok: Int
  package var diverged: Int
  /// Of the final error, in nats per image; nil where no run is ok.
  package var mean: Double?
  /// With n − 1; nil below two runs.
  package var sd: Double?
  /// Collapsed latents per run; nil without sampling.
  package var collapsed: Double?

  package init(
    configuration: String, planned: Int, ok: Int, diverged: Int, mean: Double? = nil,
    sd: Double? = nil, collapsed: Double? = nil
  ) {
    self.configuration = configuration
    self.planned = planned
    self.ok = ok
    self.diverged = diverged
    self.mean = mean
    self.sd = sd
    self.collapsed = collapsed
  }
}

extension FailedPoint {
  init(_ message: Vaesweep_FailedPoint) throws(WireError) {
    self.init(
      point: try Point(message.point), reason: try FieldRules.line(message.reason, "reason"))
  }

  func protobuf() throws(WireError) -> Vaesweep_FailedPoint {
    var message = Vaesweep_FailedPoint()
    message.point = try point.protobuf()
    message.reason = FieldRules.clean(reason)
    return message
  }
}

extension Fleet {
  init(_ message: Vaesweep_Fleet) {
    self.init()
    workers = Count(
      training: Int(message.trainingWorkers), idle: Int(message.idleWorkers),
      drained: Int(message.drainedWorkers))
    slots = Count(
      training: Int(message.trainingSlots), idle: Int(message.idleSlots),
      drained: Int(message.drainedSlots))
  }

  func protobuf() throws(WireError) -> Vaesweep_Fleet {
    var message = Vaesweep_Fleet()
    message.trainingWorkers = try FieldRules.small(workers.training, "number of workers")
    message.idleWorkers = try FieldRules.small(workers.idle, "number of workers")
    message.drainedWorkers = try FieldRules.small(workers.drained, "number of workers")
    message.trainingSlots = try FieldRules.small(slots.training, "number of slots")
    message.idleSlots = try FieldRules.small(slots.idle, "number of slots")
    message.drainedSlots = try FieldRules.small(slots.drained, "number of slots")
    return message
  }
}

extension SummaryRow {
  /// Most rows of one reply.
  package static let mostShown = 500

  init(_ message: Vaesweep_SummaryRow) throws(WireError) {
    self.init(
      configuration: try FieldRules.name(message.configuration, "configuration"),
      planned: try FieldRules.count(message.planned, "number of points"),
      ok: try FieldRules.count(message.ok, "number of points"),
      diverged: try FieldRules.count(message.diverged, "number of points"),
      mean: message.hasMean ? message.mean : nil, sd: message.hasSd ? message.sd : nil,
      collapsed: message.hasCollapsed ? message.collapsed : nil)
  }

  func protobuf() throws(WireError) -> Vaesweep_SummaryRow {
    var message = Vaesweep_SummaryRow()
    message.configuration = FieldRules.cleanName(configuration)
    message.planned = try FieldRules.large(planned, "number of points")
    message.ok = try FieldRules.large(ok, "number of points")
    message.diverged = try FieldRules.large(diverged, "number of points")
    if let mean { message.mean = mean }
    if let sd { message.sd = sd }
    if let collapsed { message.collapsed = collapsed }
    return message
  }
}
