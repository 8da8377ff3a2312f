internal import Sweep
internal import VAE

extension StatusReply {
  init(_ message: Vaesweep_StatusReply) throws(WireError) {
    try FieldRules.few(message.workers.count, "list of workers", atMost: 1 << 16)
    var workers: [WorkerStatus] = []
    for worker in message.workers { workers.append(try WorkerStatus(worker)) }
    try FieldRules.few(message.refused.count, "list of refusals", atMost: 256)
    self.init(
      sweep: try FieldRules.name(message.sweep, "sweep"),
      coordinatorEpoch: message.coordinatorEpoch,
      points: try FieldRules.count(message.points, "number of points"),
      ok: try FieldRules.count(message.ok, "number of points"),
      diverged: try FieldRules.count(message.diverged, "number of points"),
      failed: try FieldRules.count(message.failed, "number of points"),
      running: try FieldRules.count(message.running, "number of points"), workers: workers,
      pointsPerHour: message.pointsPerHour,
      secondsLeft: message.secondsLeft >= 0 ? message.secondsLeft : nil,
      lackingArtifacts: try FieldRules.count(message.lackingArtifacts, "number of points"))
    for refused in message.refused { self.refused.append(try RefusedCount(refused)) }
    try FieldRules.few(message.alerts.count, "list of alerts", atMost: 1024)
    for alert in message.alerts { alerts.append(try FieldRules.line(alert, "alert")) }
    cancelled = try FieldRules.count(message.cancelled, "number of points")
    isPaused = message.paused
    faults = try FieldRules.count(message.faults, "number of faults")
    try FieldRules.few(message.failures.count, "list of failed points", atMost: 1024)
    for failure in message.failures { failures.append(try FailedPoint(failure)) }
    fleet = Fleet(message.fleet)
    imagesTrained = try FieldRules.count(message.imagesTrained, "number of images")
    if message.hasSecondsLeftLeast, message.hasSecondsLeftMost {
      let (least, most) = (message.secondsLeftLeast, message.secondsLeftMost)
      guard least >= 0, most >= least else {
        throw .invalid(field: "seconds left", reason: "are no range")
      }
      secondsLeftRange = least...most
    }
    try FieldRules.few(message.summary.count, "summary", atMost: 1 << 12)
    for row in message.summary { summary.append(try SummaryRow(row)) }
    summaryLeftOut = try FieldRules.count(message.summaryLeftOut, "number of configurations")
  }

  func protobuf() throws(WireError) -> Vaesweep_StatusReply {
    var message = Vaesweep_StatusReply()
    message.sweep = FieldRules.cleanName(sweep)
    message.coordinatorEpoch = coordinatorEpoch
    message.points = try FieldRules.large(points, "number of points")
    message.ok = try FieldRules.large(ok, "number of points")
    message.diverged = try FieldRules.large(diverged, "number of points")
    message.failed = try FieldRules.large(failed, "number of points")
    message.running = try FieldRules.large(running, "number of points")
    for worker in workers { message.workers.append(try worker.protobuf()) }
    message.pointsPerHour = pointsPerHour
    message.secondsLeft = secondsLeft ?? -1
    message.lackingArtifacts = try FieldRules.large(lackingArtifacts, "number of points")
    for refused in refused { message.refused.append(try refused.protobuf()) }
    message.alerts = alerts.prefix(1024).map { FieldRules.clean($0) }
    message.cancelled = try FieldRules.large(cancelled, "number of points")
    message.paused = isPaused
    message.faults = try FieldRules.large(faults, "number of faults")
    for failure in failures { message.failures.append(try failure.protobuf()) }
    message.fleet = try fleet.protobuf()
    message.imagesTrained = try FieldRules.large(imagesTrained, "number of images")
    if let secondsLeftRange {
      message.secondsLeftLeast = secondsLeftRange.lowerBound
      message.secondsLeftMost = secondsLeftRange.upperBound
    }
    for row in summary { message.summary.append(try row.protobuf()) }
    message.summaryLeftOut = try FieldRules.large(summaryLeftOut, "number of configurations")
    return message
  }
}

extension WorkerStatus {
  init(_ message: Vaesweep_WorkerStatus) throws(WireError) {
    try FieldRules.few(message.running.count, "list of running points", atMost: 1 << 16)
    var running: [RunningPoint] = []
    for point in message.running { running.append(try RunningPoint(point)) }
    self.init(
      host: try FieldRules.name(message.host, "host"), process: Int(message.process),
      slots: try FieldRules.count(
        message.slots, "number of slots", in: 0...FieldRules.maxOfAnything),
      finished: try FieldRules.count(message.finished, "number of points"), running: running)
    let reason = try FieldRules.line(message.drained, "reason")
    drained = reason.isEmpty ? nil : reason
    imagesPerSecond = message.hasImagesPerSecond ? message.imagesPerSecond : nil
    silent = try FieldRules.milliseconds(message.silentMilliseconds, "silence")
    allocation = try Allocation(message: message.allocation)
  }

  func protobuf() throws(WireError) -> Vaesweep_WorkerStatus {
    var message = Vaesweep_WorkerStatus()
    message.host = FieldRules.cleanName(host)
    message.process = try FieldRules.small(process, "process")
    message.slots = try FieldRules.small(slots, "number of slots")
    message.finished = try FieldRules.large(finished, "number of points")
    for point in running { message.running.append(try point.protobuf()) }
    message.drained = FieldRules.clean(drained ?? "")
    if let imagesPerSecond { message.imagesPerSecond = imagesPerSecond }
    message.silentMilliseconds = try FieldRules.milliseconds(silent, "silence")
    message.allocation = allocation.map { FieldRules.cleanName($0.name) } ?? ""
    return message
  }
}

extension RunningPoint {
  init(_ message: Vaesweep_RunningPoint) throws(WireError) {
    // Whatever is wrong with an architecture, the field is named.
    guard message.architecture.utf8.count <= FieldRules.longestName,
      let architecture = try? Architecture(parsing: message.architecture)
    else { throw .invalid(field: "architecture", reason: "is not one") }
    self.init(
      attempt: try AttemptID(message.attempt),
      key: PointKey(try FieldRules.digest(message.key, "key")), architecture: architecture,
      sampling: message.sampling, progress: try AttemptProgress(message.progress))
  }

  func protobuf() throws(WireError) -> Vaesweep_RunningPoint {
    var message = Vaesweep_RunningPoint()
    message.attempt = attempt.protobuf()
    message.key = key.description
    message.architecture = architecture.description
    message.sampling = sampling
    message.progress = try progress.protobuf()
    return message
  }
}
